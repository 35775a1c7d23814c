#include "kale/write/format.h"

#include <array>

namespace kale {
namespace {

// How to load each, for the card.
constexpr std::string_view kParquetCard = R"(`core/`, parquet:

```python
from datasets import load_dataset
captions = load_dataset("path/to/this/folder", split="train")
```)";

constexpr std::string_view kWebdatasetCard =
    R"(`webdataset/`, tars of
`key.txt` (the caption), `key.json` (all columns) and, where pictures are part of the dataset, the
picture under its own ending:

```python
import glob, webdataset
tars = sorted(glob.glob("path/to/this/folder/webdataset/*.tar"))
captions = webdataset.WebDataset(tars, shardshuffle=False)
```)";

constexpr std::string_view kImagefolderCard =
    R"(`imagefolder/`, a
`metadata.jsonl` whose `text` is the caption, beside its pictures. Where pictures are not part of
the dataset, put it into the folder that holds them and load that:

```python
from datasets import load_dataset
files = {"train": "path/to/this/folder/imagefolder/**"}
captions = load_dataset("imagefolder", data_files=files, split="train")
```)";

constexpr std::string_view kSidecarCard =
    R"(`captions/`, for trainers
that take a text file beside each picture: copy it over a copy of the folder of pictures.)";

constexpr std::array kTable{
    FormatInfo{"parquet", "core", "core/*.parquet", kParquetCard, make_parquet_format},
    FormatInfo{"webdataset", "webdataset", "webdataset/*.tar", kWebdatasetCard,
               make_webdataset_format},
    FormatInfo{"imagefolder", "imagefolder", "imagefolder/**", kImagefolderCard,
               make_imagefolder_format},
    FormatInfo{"sidecar", "captions", "captions/**", kSidecarCard, make_sidecar_format},
};

}  // namespace

std::span<const FormatInfo> format_table() { return kTable; }

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names;
  for (const FormatInfo& info : kTable) names.push_back(info.name);
  return names;
}

}  // namespace kale
