// Asks a model behind any server with an OpenAI-compatible /v1/chat/completions: vLLM, SGLang,
// llama-server, hosted ones.
//
// Rows     text, and pictures where sees_images says so. Pixels travel as JPEG in a data URI,
//          URLs as they are; both stand before the text of the last user message
// Errors   what an answer means (verdict.h):
//            2xx                     the reply; kCorrupt fails the row where it is none, kRejected
//                                    where it is an error object, kLimit over reply_bytes_max
//            408, 429, 5xx           asked again up to retries_max times, after a back-off or the
//            no answer, no whole     server's Retry-After (which holds back every request); then
//            answer, too slow        the row fails with kIo, or kTimeout where it was too slow
//            401, 403, 404, 3xx,     kBadConfig: stops the run and names the option. Redirects
//            untrusted certificate   are not followed: the token goes to one host only
//            other 4xx               kRejected: this row fails, others go on
//          kEngineGone for everybody after gone_after such failures in a row without an answer to
//          anything. A row is failed only once the server has answered something else, so that
//          rows do not fail for a dead server's sake. kCancelled once stopped
// Threads  generate() is safe from many threads. One thread holds all connections (client.h)
// Units    tokens of the server's model
//
// Candidates are one request (`n`), except for greedy decoding, which would give the same text: one
// is asked for and counts as all. A server that gives fewer is asked for the others one by one,
// with seed + 1, seed + 2, ... A seed is sent as its low 31 bits, which every server takes.
//
// The token stands in a file or an environment variable that the recipe names. It is read by
// start(), sent to `url` alone, and written nowhere: not to logs, errors, state or fingerprints.
// No proxy is used, whatever the environment says.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "kale/core/build.h"
#include "kale/core/options.h"

namespace kale {

struct HttpOptions {
  std::string url = "http://127.0.0.1:8080/v1";
  std::string model;
  std::string model_revision;
  std::string token_file;
  std::string token_variable;
  std::int64_t requests_in_flight = 16;
  double timeout_s = 300;
  double connect_timeout_s = 10;
  std::int64_t retries_max = 4;
  std::int64_t backoff_first_ms = 500;
  std::int64_t backoff_max_ms = 30'000;
  double busy_max_s = 1'800;
  std::int64_t gone_after = 8;
  std::int64_t reply_bytes_max = 4 << 20;
  bool sees_images = false;
  std::string image_url = "data";
  std::int64_t jpeg_quality = 90;
  bool candidates_at_once = true;
  std::string body;

  void visit(OptionVisitor& v);
};

Result<std::unique_ptr<Engine>> make_http(HttpOptions options, const BuildContext& build);

}  // namespace kale
