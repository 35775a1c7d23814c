// Pairs from a folder of pictures, each with a text file of the same stem beside it.
//
// Rows     writes key, path, alt_text, licence and attribution where given, image_bytes; drops
//          kNoAltText, kEmptyAltText, kNotUtf8, kControlChars, kTooManyBytes; fails kNotFound for a
//          picture that has gone since it was listed, kIo for a picture or text that is a link out
//          of the folder or no regular file
// Errors   kNotFound when the folder is gone, kBadConfig for options that cannot work
// Threads  as kale/core/source.h says; open readers share nothing
// Units    list() holds every path it found in memory, about 100 bytes a picture, to sort them
//
// The folder is walked to its depths. Links to folders are not followed, so there are no loops;
// links to files count where the file lies inside the folder too. Sockets, pipes and devices are
// skipped. A file whose name is not UTF-8 is listed and its row dropped with kNotUtf8: no column
// could hold the name, so the row shows it with %XX for every byte outside ASCII.
//
// `include` and `limit` choose which pictures are listed. Each entry of `include` is a folder or a
// glob, relative to `path` (`*` also crosses `/`); with a limit, pictures of the first entry are
// taken before those of the second. What is chosen is then listed in the order of paths.
//
// img2dataset's output format `files` (00000/000000000.jpg and .txt) is such a folder; its .json
// and .parquet files are not read.
//
//   include: [animals/birds, "*_photo.png", "*"]   # birds first, then photos, then the rest
//   limit: 200
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "kale/core/build.h"
#include "kale/core/options.h"
#include "kale/core/source.h"

namespace kale {

struct FolderOptions {
  std::string path;
  std::vector<std::string> extensions = {"png", "jpg", "jpeg", "svg", "webp", "gif", "tif", "tiff"};
  std::string sidecar = "txt";
  std::vector<std::string> languages;
  std::string licence;
  std::string attribution;
  std::vector<std::string> include;
  std::int64_t limit = 0;
  std::int64_t bytes_max = std::int64_t{64} << 20;
  std::int64_t sidecar_bytes_max = std::int64_t{1} << 20;

  // What decides which files are listed is frozen by the manifest, so it is not fingerprinted.
  void visit(OptionVisitor& v) {
    v.field({.name = "path", .help = "the folder", .affects = Affects::kSpeedOnly}, path);
    v.field({.name = "extensions",
             .help = "endings of picture files, in lower case; upper case is found too",
             .affects = Affects::kSpeedOnly},
            extensions);
    v.field({.name = "sidecar", .help = "ending of the text file beside a picture"}, sidecar);
    v.field({.name = "languages",
             .help = "codes of sidecar languages to keep as columns alt_text_<code>"},
            languages);
    v.field({.name = "licence", .help = "licence of every picture; empty: unknown"}, licence);
    v.field({.name = "attribution", .help = "whom to name for every picture; empty: unknown"},
            attribution);
    v.field({.name = "include",
             .help = "folders or globs to list, in order of priority; empty: all",
             .affects = Affects::kSpeedOnly},
            include);
    v.field({.name = "limit",
             .help = "pictures listed at most; 0: all",
             .affects = Affects::kSpeedOnly,
             .min = 0},
            limit);
    v.field({.name = "bytes_max", .help = "largest picture file, in bytes", .min = 1}, bytes_max);
    v.field({.name = "sidecar_bytes_max", .help = "largest text file, in bytes", .min = 1},
            sidecar_bytes_max);
  }
};

Result<std::unique_ptr<Source>> make_folder(FolderOptions options, const BuildContext& build);

}  // namespace kale
