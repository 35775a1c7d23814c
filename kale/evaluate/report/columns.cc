#include "kale/evaluate/report/evaluation.h"
#include "kale/io/parquet/table.h"

namespace kale::evaluate {

Status write_measure_columns(Disk& disk, const std::filesystem::path& path,
                             const Evaluation& evaluation) {
  TableSpec spec;
  spec.fields.push_back(text_field("key"));
  spec.fields.push_back(whole_field("row"));
  const auto& table = measure_table();
  for (const MeasureInfo& info : table) {
    spec.fields.push_back(real_field(std::string(info.name)));
    spec.fields.push_back(real_field(std::string(info.name) + "_of"));
  }
  std::filesystem::path aside = path;
  aside += ".aside";
  KALE_TRY(auto writer, TableWriter::create(disk, aside, std::move(spec)));
  Row row;
  for (std::size_t i = 0; i < evaluation.set.rows.size(); ++i) {
    const CaptionRow& caption = evaluation.set.rows[i];
    std::vector<BesideValue> values = {std::string_view(caption.key), caption.number};
    for (std::size_t m = 0; m < table.size(); ++m) {
      const Ratio& ratio = evaluation.column.ratios[m][i];
      values.emplace_back(ratio.numerator);
      values.emplace_back(ratio.denominator);
    }
    KALE_OK(writer->append(row, values));
  }
  KALE_TRY([[maybe_unused]] auto file, writer->finish());
  return disk.rename(aside, path);
}

}  // namespace kale::evaluate
