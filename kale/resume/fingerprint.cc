#include "kale/resume/fingerprint.h"

#include <nlohmann/json.hpp>

#include "kale/io/digest.h"

namespace kale {

using nlohmann::json;

StepPrint source_print(const std::string& name, int revision, std::string_view options,
                       std::uint64_t seed) {
  json description{{"source", name}, {"revision", revision}, {"options", options}, {"seed", seed}};
  std::string text = description.dump(-1, ' ', false, json::error_handler_t::replace);
  return {"source", Digest().add(text).hex(), text};
}

StepPrint step_print(const StepPrint& before, const StepTraits& traits, std::string_view options) {
  json texts = json::array();
  for (const std::string& text : traits.texts) texts.push_back(xxh128_hex(text));
  json engines = json::array();
  for (const Engine* engine : traits.engines) {
    EngineTraits asked = engine->traits();
    engines.push_back(
        {{"id", asked.id}, {"model", asked.model_digest}, {"revision", asked.revision}});
  }
  json description{{"step", traits.name},
                   {"revision", traits.revision},
                   {"options", options},
                   {"texts", std::move(texts)},
                   {"engines", std::move(engines)}};
  std::string text = description.dump(-1, ' ', false, json::error_handler_t::replace);
  return {std::string(traits.name), Digest().add(before.print).add(text).hex(), text};
}

}  // namespace kale
