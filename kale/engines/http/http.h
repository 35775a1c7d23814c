// Asks a model behind any server with an OpenAI-compatible /v1/chat/completions: vLLM, SGLang,
// llama-server, hosted ones.
//
// Rows     text, and pictures where sees_images says so. Pixels travel as JPEG in a data URI,
//          URLs as they are; both stand before the text of the last user message
// Errors   what an answer means (verdict.h):
//            2xx                     the reply; kCorrupt fails the row where it is none, kLimit
//                                    over reply_bytes_max. An error object counts as the status
//                                    that it states (429 as busy, ...), else as 400
//            429, 503                asked again after a back-off or the server's Retry-After,
//                                    which holds back every request; kEngineGone after busy_max_s
//            408, other 5xx,         asked again likewise, retries_max times; then the row fails
//            no answer, no whole     with kIo, or kTimeout where it was too slow
//            answer, too slow
//            401, 402, 405, 410,     kBadConfig: stops the run and names the option. Redirects
//            3xx, untrusted          are not followed: the token goes to one host only
//            certificate
//            403, 404                kBadConfig before the server's first reply, then kRejected
//            other 4xx               kRejected: this row fails, others go on; kBadConfig from the
//                                    gone_after-th on where nothing was answered before
//          kEngineGone for everybody after gone_after requests in a row that failed for want of an
//          answer. A row is failed only once the server has answered another request, a small one
//          of our own if need be, so that rows do not fail for a dead server's sake. kCancelled
//          once stopped
// Threads  generate() is safe from many threads. One thread holds all connections (client.h)
// Units    tokens of the server's model
//
// Candidates are one request (`n`), except for greedy decoding, which would give the same text: one
// is asked for and counts as all. A server that gives fewer is asked for the others one by one,
// with seed + 1, seed + 2, ... A seed is sent as its low 31 bits, which every server takes.
//
// The token stands in a file or an environment variable that the recipe names. It is read by
// start(), sent to `url` alone, and written nowhere: not to logs, errors, state or fingerprints.
// Servers that quote it are not quoted (redact.h), unless it is shorter than 8 characters: such a
// token is a dummy. Replies are never changed.
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
