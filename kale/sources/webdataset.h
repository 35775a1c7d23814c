// Pairs from WebDataset tars: a picture, a text and a JSON of the same key, side by side. Takes the
// tars that img2dataset writes as they are.
//
// Rows     writes key, path, alt_text, image_bytes, and url, licence and attribution where the JSON
//          or an option gives them; drops kNoImage, kNoAltText, kEmptyAltText, kNotUtf8,
//          kControlChars, kTooManyBytes; fails kCorrupt for a field that comes twice, a JSON that
//          is none, and a sample at which its tar ends too early, kNotFound for all rows of a
//          tar that has gone, kIo of one that is a link out of the folder
// Errors   kNotFound when the folder is gone, kIo when the disk fails at a tar, kBadConfig for
//          options that cannot work
// Threads  as kale/core/source.h says; readers hand each other open tars
// Units    a reader holds at most kBlockRows rows, or kBlockBytes of pictures and texts and one row
//          more; a tar is read once from end to end where shards are opened in order, else from the
//          nearest place where a reader stopped, or from its start
//
// `path` is a tar or a folder of them; see kale/sources/samples.h for what a sample is and
// kale/io/tar/tar_reader.h for compressions. `include` and `limit` choose tars, as in
// kale/sources/folder.h.
//
// A row is known by the JSON's uid where it has one, else by `<tar>/<key>` and the sample's number
// in its tar, so that a key which comes twice makes two rows. A uid that comes twice makes two rows
// of one id: who keeps such a key in it names another in `uid_columns`. `path` is the tar and the
// picture's name in it, made harmless: no `..`, no absolute paths, %XX for bytes that are no text.
//
// The alt-text is the field `alt_text_field`, whole or its first line (`alt_text_lines`), and where
// a sample lacks that, the first of `alt_text_columns` in its JSON. Keys of the JSON that the row
// does not hold as they were travel through (kale/io/parquet/json_extras.h), a caption that is not
// the alt-text among them, and the sha256 of img2dataset, which is that of the picture before it
// was resized.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/source.h"
#include "kale/sources/columns.h"

namespace kale {

struct WebdatasetOptions {
  std::string path;
  std::vector<std::string> image_fields = {"jpg", "jpeg", "png",  "webp",
                                           "gif", "tif",  "tiff", "svg"};
  std::string alt_text_field = "txt";
  std::string alt_text_lines = "all";
  std::string json_field = "json";
  ColumnNames columns;
  std::string licence;
  std::string attribution;
  std::vector<std::string> include;
  std::int64_t limit = 0;
  std::int64_t bytes_max = std::int64_t{64} << 20;
  std::int64_t text_bytes_max = std::int64_t{1} << 20;

  // What decides which tars are listed is frozen by the manifest, so it is not fingerprinted.
  void visit(OptionVisitor& v) {
    v.field({.name = "path",
             .help = "a tar, or the folder that is searched for tars; .gz, .zst, .xz, .bz2 too",
             .affects = Affects::kSpeedOnly},
            path);
    v.field(
        {.name = "image_fields",
         .help = "fields that hold the picture, in lower case; the first a sample has is taken"},
        image_fields);
    v.field({.name = "alt_text_field",
             .help = "field that holds the alt-text; without it, the JSON's is taken"},
            alt_text_field);
    v.field({.name = "alt_text_lines",
             .help = "all of that field, or the first line: for texts with translations below",
             .choices = {"all", "first"}},
            alt_text_lines);
    v.field({.name = "json_field", .help = "field that holds a JSON object of further columns"},
            json_field);
    columns.visit_texts(v);
    v.field({.name = "licence", .help = "licence of pictures whose JSON names none"}, licence);
    v.field({.name = "attribution", .help = "whom to name where the JSON names nobody"},
            attribution);
    v.field({.name = "include",
             .help = "folders or globs of tars to list, in order of priority; empty: all",
             .affects = Affects::kSpeedOnly},
            include);
    v.field({.name = "limit",
             .help = "tars listed at most; 0: all",
             .affects = Affects::kSpeedOnly,
             .min = 0},
            limit);
    v.field({.name = "bytes_max", .help = "largest picture, in bytes", .min = 1}, bytes_max);
    v.field({.name = "text_bytes_max", .help = "largest text or JSON, in bytes", .min = 1},
            text_bytes_max);
  }
};

// By the ending of the name, in any case: .tar, .tgz, .tar.zst and so on.
bool is_tar(const std::filesystem::path& path);

Result<std::unique_ptr<Source>> make_webdataset(WebdatasetOptions options,
                                                const BuildContext& build);

}  // namespace kale
