#include "kale/write/format.h"

#include <array>

namespace kale {
namespace {

constexpr std::array kTable{
    FormatInfo{"parquet", "core", "core/*.parquet",
               R"(`core/`, parquet:

```python
from datasets import load_dataset
captions = load_dataset("path/to/this/folder", split="train")
```)",
               make_parquet_format},
    FormatInfo{
        "webdataset", "webdataset", "webdataset/*.tar",
        R"(`webdataset/`, tars of `key.txt` (the caption), `key.json` (all columns) and, where pictures are
part of the dataset, the picture under its own ending:

```python
import glob
import webdataset
captions = webdataset.WebDataset(sorted(glob.glob("path/to/this/folder/webdataset/*.tar")), shardshuffle=False)
```)",
        make_webdataset_format},
    FormatInfo{
        "imagefolder", "imagefolder", "imagefolder/**",
        R"(`imagefolder/`, a `metadata.jsonl` whose `text` is the caption, beside its pictures. Where pictures are not part
of the dataset, put it into the folder that holds them and load that:

```python
from datasets import load_dataset
captions = load_dataset("imagefolder", data_dir="path/to/this/folder/imagefolder", split="train")
```)",
        make_imagefolder_format},
    FormatInfo{
        "sidecar", "captions", "captions/**",
        R"(`captions/`, for trainers that take a text file beside each picture: copy it over a copy of the pictures.)",
        make_sidecar_format},
};

}  // namespace

std::span<const FormatInfo> format_table() { return kTable; }

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> names;
  for (const FormatInfo& info : kTable) names.push_back(info.name);
  return names;
}

}  // namespace kale
