// Which column of the input is which of ours. Datasets name the same thing in many ways: each list
// is tried in order, and the first name that a file has is taken. Columns that are not taken travel
// through.
//
//   source:
//     alt_text_columns: [text, TEXT, caption]
//     uid_columns: [uid]
#pragma once

#include <string>
#include <vector>

#include "kale/core/options.h"

namespace kale {

struct ColumnNames {
  using Names = std::vector<std::string>;
  Names alt_text = {"alt_text", "caption", "text", "TEXT", "org_caption", "laion_2b"};
  Names image = {"image", "image_bytes", "jpg", "jpeg", "png", "webp"};
  Names image_path = {"path", "file_name", "image_path"};
  Names url = {"url", "URL", "image_url"};
  Names uid = {"uid"};
  Names licence = {"licence", "license"};
  Names attribution = {"attribution"};

  void visit(OptionVisitor& v) {
    visit_texts(v);
    v.field({.name = "image_columns",
             .help = "names of the column that holds the encoded picture: bytes, or a struct of "
                     "bytes and path"},
            image);
    v.field({.name = "image_path_columns", .help = "names of the column with the picture's path"},
            image_path);
  }

  // Those of sources whose pictures stand elsewhere.
  void visit_texts(OptionVisitor& v) {
    v.field({.name = "alt_text_columns", .help = "names of the column that holds the alt-text"},
            alt_text);
    v.field({.name = "url_columns", .help = "names of the column with the picture's URL"}, url);
    v.field({.name = "uid_columns",
             .help = "names of the column that identifies a row; without one, rows are known by "
                     "their file and place in it"},
            uid);
    v.field({.name = "licence_columns", .help = "names of the column with the picture's licence"},
            licence);
    v.field({.name = "attribution_columns", .help = "names of the column that says whom to credit"},
            attribution);
  }
};

}  // namespace kale
