#include "kale/sources/table.h"

#include <gtest/gtest.h>

#include <fstream>

#include "kale/io/parquet/extras.h"
#include "kale/io/parquet/foreign_table_fake.h"
#include "kale/sources/row_key.h"
#include "kale/sources/table_fake.h"

namespace kale {
namespace {

using Paths = std::vector<std::string>;

TEST_F(TableTest, FolderIsSearchedForTablesByTheirEndings) {
  for (auto name : {"data/b.parquet", "a.CSV", "x/y.jsonl.gz", "z.ndjson", "t.tsv", "s.arrow",
                    "cache-1.arrow", "notes.txt", "README.md", "p.png", "q.tar.gz", "r.parquet.gz"})
    put(name, "text\n");
  EXPECT_EQ(paths(),
            (Paths{"a.CSV", "data/b.parquet", "s.arrow", "t.tsv", "x/y.jsonl.gz", "z.ndjson"}));
  EXPECT_EQ(paths({.include = {"*.txt"}}), Paths{"notes.txt"});
  EXPECT_EQ(paths({.include = {"data", "*"}, .limit = 2}), (Paths{"a.CSV", "data/b.parquet"}));
  EXPECT_EQ(paths({.path = "root/notes.txt"}), Paths{"notes.txt"});
  auto list = [](Source& source) {
    return source.list([](InputFile) -> Status { return {}; }).error().code;
  };
  EXPECT_EQ(list(*make({.include = {"none"}})), Code::kNotFound);
  EXPECT_EQ(list(*make({.path = "nowhere"})), Code::kNotFound);
  EXPECT_EQ(list(*make({.path = "nowhere.csv"})), Code::kNotFound);
  EXPECT_EQ(list(*make({.path = "root/README.md"})), Code::kBadConfig);
  BuildContext build{executor_, 1, folder_.path(), {}};
  EXPECT_EQ(make_table({}, build).error().code, Code::kBadConfig);
}

TEST_F(TableTest, RowHoldsWhatItsColumnsSay) {
  ForeignTable()
      .pictures("image", {{"p0", "0.png"}, {"p1", std::nullopt}})
      .texts("text", {" A thing. ", "Another."})
      .texts("url", {"https://example.org/0", std::nullopt})
      .texts("uid", {"u0", std::nullopt})
      .texts("license", {"CC0-1.0", std::nullopt})
      .wholes("width", {3, 4})
      .write_parquet(file("data/train.parquet"));
  auto source = make({.licence = "unknown"});
  auto found = rows_of(*source, whole(*source));
  ASSERT_EQ(found.size(), 2u);
  const Row& row = found[0].row;
  EXPECT_TRUE(is_on(found[0]));
  EXPECT_EQ(row.key, row_key("u0"));
  EXPECT_EQ(row.path, "0.png");
  EXPECT_EQ(row.url, "https://example.org/0");
  EXPECT_EQ(row.alt_text, "A thing.");
  EXPECT_EQ(row.licence, "CC0-1.0");
  EXPECT_EQ(*row.image_bytes, "p0");
  EXPECT_EQ(extras_value(row, "width"), "3");
  EXPECT_EQ(extras_names(row.extras), (std::vector<std::string>{"uid", "width"}));
  EXPECT_EQ(row.filled, source->traits().provides - Columns{Column::kAttribution});
  EXPECT_EQ(found[1].row.key, row_key("data/train.parquet", 1));
  EXPECT_EQ(found[1].row.path, "data/train.parquet#1");
  EXPECT_EQ(found[1].row.licence, "unknown");
  EXPECT_FALSE(found[1].row.filled.has(Column::kUrl));
  EXPECT_EQ(extras_value(found[1].row, "width"), "4");
}

TEST_F(TableTest, FoldersOfPicturesWithMetadataWorkByTheirPath) {
  put("train/1.png", "one");
  put("train/deep/2.png", "two");
  put("train/metadata.jsonl", R"({"file_name":"1.png","text":"One."}
{"file_name":"deep/2.png","text":"Two.","n":[1]}
)");
  put("test/3.png", "three");
  put("test/metadata.csv", "file_name,caption\n3.png,Three.\n");
  auto found = rows();
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(*found[0].row.image_bytes, "three");
  EXPECT_EQ(found[0].row.path, "test/3.png");
  EXPECT_EQ(found[2].row.path, "train/deep/2.png");
  EXPECT_EQ(*found[2].row.image_bytes, "two");
  EXPECT_EQ(found[2].row.alt_text, "Two.");
  EXPECT_FALSE(rows({}, kNoImages)[1].row.filled.has(Column::kImageBytes));
}

TEST_F(TableTest, PicturesOutsideTheFolderAreNotRead) {
  std::ofstream(folder_.path() / "secret.png") << "secret";
  put("in.png", "in");
  put("data/x.png", "x");
  fs::create_symlink("../../secret.png", root() / "data/link.png");
  put("data/a.csv", "path,text\n../in.png,a\n../../secret.png,b\nlink.png,c\n" +
                        (folder_.path() / "secret.png").string() + ",d\n" +
                        (root() / "in.png").string() + ",e\nnone.png,f\n../../no/where.png,g\n");
  auto found = rows();
  ASSERT_EQ(found.size(), 7u);
  EXPECT_EQ(*found[0].row.image_bytes, "in");
  EXPECT_EQ(found[0].row.path, "in.png");
  EXPECT_EQ(*found[4].row.image_bytes, "in");
  EXPECT_EQ(found[4].row.path, "in.png");
  for (std::size_t i : {1u, 2u, 3u, 6u}) {
    ASSERT_TRUE(std::holds_alternative<Failed>(found[i].outcome)) << i;
    EXPECT_EQ(code(found[i]), Code::kIo) << i;
    EXPECT_EQ(found[i].row.image_bytes, nullptr);
  }
  EXPECT_EQ(found[1].row.path, "data/a.csv#1");
  EXPECT_EQ(code(found[5]), Code::kNotFound);
  fs::create_directories(folder_.path() / "elsewhere");
  std::ofstream(folder_.path() / "elsewhere/in.png") << "elsewhere";
  put("b.csv", "path,text\nin.png,a\n");
  auto other = rows({.path = "root/b.csv", .images_root = "elsewhere"});
  EXPECT_EQ(*other.at(0).row.image_bytes, "elsewhere");
  EXPECT_EQ(other.at(0).row.path, "in.png");
}

// Plain paths are put together as texts, others part by part; the tables lie in two folders.
TEST_F(TableTest, PathsAreShownAlikeHoweverTheyAreWritten) {
  std::string rows = "path,text\n";
  const std::vector<std::string> ways = {"c/x.png",      "./c/x.png",
                                         "c/./x.png",    "c//x.png",
                                         "c/d/../x.png", (root() / "a/c/x.png").string()};
  for (const std::string& way : ways) rows += way + ",A penguin\n";
  put("a/t.csv", rows);
  put("b/t.csv", "path,text\nx.png,A bird\n../x.png,A bird\n../../x.png,A bird\n");
  std::vector<std::string> shown(ways.size(), "a/c/x.png");
  shown.insert(shown.end(), {"b/x.png", "x.png", "b/t.csv#2"});
  std::vector<std::string> found;
  for (const SourceRow& row : this->rows({}, {})) found.push_back(row.row.path);
  EXPECT_EQ(found, shown);
  TableOptions options;
  options.images_root = "root/b";
  put("b/t.csv", "path,text\nx.png,A bird\n./x.png,A bird\n../x.png,A bird\n");
  found.clear();
  for (const SourceRow& row : this->rows(options, {})) found.push_back(row.row.path);
  EXPECT_EQ(std::vector(found.end() - 3, found.end()),
            (std::vector<std::string>{"x.png", "x.png", "b/t.csv#2"}));
}

TEST_F(TableTest, PathLongerThanAnyIsNeitherOpenedNorShown) {
  put("a.csv", "path,text\n" + std::string(4096, 'x') + ",a\n" + std::string(4097, 'x') + ",b\n");
  auto found = rows();
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(code(found[0]), Code::kIo);
  EXPECT_EQ(reason(found[1]), Drop::kTooManyBytes);
  EXPECT_EQ(drop_detail(found[1]), "the picture's path: 4097 bytes, the limit is 4096");
  EXPECT_EQ(found[1].row.path, "a.csv#1");
}

TEST_F(TableTest, RowWithAUrlAloneHasNoPicture) {
  put("a.csv", "url,image_path,text\nhttps://a.org/1.jpg,,a\n,https://a.org/2.jpg,b\n,,c\n");
  auto found = rows();
  ASSERT_EQ(found.size(), 3u);
  for (const SourceRow& row : found) EXPECT_EQ(reason(row), Drop::kNoImage);
  EXPECT_NE(drop_detail(found[0]).find("describe.image: url"), std::string::npos);
  EXPECT_EQ(drop_detail(found[2]).find("describe.image"), std::string::npos);
  EXPECT_EQ(found[1].row.url, "https://a.org/2.jpg");
  found = rows({}, kNoImages);
  for (const SourceRow& row : found) EXPECT_TRUE(is_on(row));
  EXPECT_TRUE(found[0].row.filled.has(Column::kUrl));
  EXPECT_FALSE(found[2].row.filled.has(Column::kUrl));
}

TEST_F(TableTest, BadTextsComeOutAsFromAFolder) {
  put("a.csv", "text,image_path\n,x.png\n\"\",x.png\ncaf\xe9,x.png\na\x07 bell,x.png\n" +
                   std::string(30, 'x') + ",x.png\nfine,caf\xe9.png\nfine,big.png\nfine,x.png\n");
  put("x.png", "x");
  put("big.png", std::string(200, 'x'));
  auto found = rows({.bytes_max = 100, .text_bytes_max = 20});
  ASSERT_EQ(found.size(), 8u);
  EXPECT_EQ(reason(found[0]), Drop::kNoAltText);
  EXPECT_EQ(reason(found[1]), Drop::kEmptyAltText);
  EXPECT_EQ(reason(found[2]), Drop::kNotUtf8);
  EXPECT_EQ(reason(found[3]), Drop::kControlChars);
  EXPECT_EQ(reason(found[4]), Drop::kTooManyBytes);
  EXPECT_EQ(reason(found[5]), Drop::kNotUtf8);
  EXPECT_EQ(reason(found[6]), Drop::kTooManyBytes);
  EXPECT_TRUE(is_on(found[7]));
  for (const SourceRow& row : found)
    EXPECT_EQ(row.row.filled.has(Column::kAltText), row.row.alt_text == "fine");
  found = rows({.alt_text_required = false, .text_bytes_max = 20});
  EXPECT_TRUE(is_on(found[0]));
  EXPECT_TRUE(is_on(found[1]));
  EXPECT_FALSE(found[1].row.filled.has(Column::kAltText));
  EXPECT_EQ(reason(found[2]), Drop::kNotUtf8);
  ForeignTable()
      .bytes("image", {std::string(101, 'x')})
      .texts("text", {"a"})
      .write_parquet(file("b.parquet"));
  EXPECT_EQ(reason(rows({.path = "root/b.parquet", .bytes_max = 100}).at(0)), Drop::kTooManyBytes);
}

TEST_F(TableTest, ListsOfPathsHaveTheirTextsBesideThePictures) {
  put("a.png", "a");
  put("a.txt", "A thing.\nde=Ding\n");
  put("b.png", "b");
  put("list/all.txt", "../a.png\n../b.png\nhttps://example.org/c.png\n");
  auto found = rows({.include = {"list"}});
  ASSERT_EQ(found.size(), 3u);
  EXPECT_EQ(found[0].row.alt_text, "A thing.");
  EXPECT_EQ(*found[0].row.image_bytes, "a");
  EXPECT_EQ(reason(found[1]), Drop::kNoAltText);
  EXPECT_EQ(reason(found[2]), Drop::kNoAltText);
  found = rows({.include = {"list"}, .alt_text_required = false}, kNoImages);
  EXPECT_TRUE(is_on(found[1]));
  EXPECT_EQ(found[2].row.url, "https://example.org/c.png");
}

TEST_F(TableTest, RowsOfAFileAreLimitedWhereAsked) {
  put("a.csv", "text\na\nb\nc\n");
  ForeignTable().texts("text", {"a", "b", "c"}).write_parquet(file("b.parquet"));
  EXPECT_EQ(rows({.file_rows_max = 2}, kNoImages).size(), 4u);
}

TEST_F(TableTest, CaptionsAlreadyMadeComeAsCaptionDense) {
  ForeignTable()
      .texts("image_url", {"https://example.org/1", "https://example.org/2"})
      .texts("laion_2b", {"alt one", "alt two"})
      .texts("laion_coco", {"a made caption", std::nullopt})
      .texts("capsfusion", {"x", "y"})
      .write_parquet(file("capsfusion_1.parquet"));
  auto source = make({.caption_dense_columns = {"laion_coco"}});
  EXPECT_TRUE(source->traits().provides.has(Column::kCaptionDense));
  EXPECT_FALSE(make()->traits().provides.has(Column::kCaptionDense));
  auto found = rows_of(*source, whole(*source), kNoImages);
  EXPECT_EQ(found[0].row.alt_text, "alt one");
  EXPECT_EQ(found[0].row.caption_dense, "a made caption");
  EXPECT_EQ(found[0].row.described_by, "input");
  EXPECT_EQ(found[0].row.url, "https://example.org/1");
  EXPECT_EQ(extras_names(found[0].row.extras), std::vector<std::string>{"capsfusion"});
  EXPECT_TRUE(is_on(found[1]));
  EXPECT_FALSE(found[1].row.filled.has(Column::kCaptionDense));
}

// The columns of published datasets, some of them missing in some of their files.
TEST_F(TableTest, DatasetsAreReadByTheNamesOfTheirColumns) {
  ForeignTable()
      .texts("url", {"https://e.org/1"})
      .texts("re_caption", {"long"})
      .texts("org_caption", {"recap alt"})
      .texts("key", {"k"})
      .reals("re_clip_score", {0.5})
      .wholes("re_length", {9})
      .write_parquet(file("recap/a.parquet"));
  ForeignTable()
      .texts("url", {"https://e.org/2"})
      .texts("org_caption", {"recap b"})
      .write_parquet(file("recap/b.parquet"));
  ForeignTable()
      .texts("URL", {"https://e.org/3"})
      .texts("TEXT", {"coco alt"})
      .texts("top_caption", {"made"})
      .text_lists("all_captions", {{"made", "other"}})
      .reals("WIDTH", {640})
      .write_parquet(file("laion-coco/a.parquet"));
  ForeignTable()
      .texts("uid", {"0123456789abcdef0123456789abcdef"})
      .texts("url", {"https://e.org/4"})
      .texts("text", {"datacomp alt"})
      .texts("sha256", {"00"})
      .write_parquet(file("datacomp/0123.parquet"));
  auto found = rows({}, kNoImages);
  ASSERT_EQ(found.size(), 4u);
  const Row& datacomp = found[0].row;
  EXPECT_EQ(datacomp.alt_text, "datacomp alt");
  EXPECT_EQ(datacomp.key, row_key("0123456789abcdef0123456789abcdef"));
  EXPECT_EQ(extras_value(datacomp, "uid"), "0123456789abcdef0123456789abcdef");
  const Row& coco = found[1].row;
  EXPECT_EQ(coco.alt_text, "coco alt");
  EXPECT_EQ(coco.url, "https://e.org/3");
  EXPECT_EQ(extras_names(coco.extras),
            (std::vector<std::string>{"top_caption", "all_captions", "WIDTH"}));
  const Row& recap = found[2].row;
  EXPECT_EQ(recap.alt_text, "recap alt");
  EXPECT_EQ(extras_value(recap, "re_caption"), "long");
  EXPECT_EQ(extras_value(recap, "re_length"), "9");
  EXPECT_EQ(found[3].row.alt_text, "recap b");
  EXPECT_EQ(found[3].row.extras, nullptr);
}

}  // namespace
}  // namespace kale
