#include "kale/engines/http/http.h"

namespace kale {
namespace {

void visit_server(OptionVisitor& v, HttpOptions& o) {
  v.field({.name = "url",
           .help = "the server's address up to /chat/completions, which is added",
           .affects = Affects::kSpeedOnly},
          o.url);
  v.field({.name = "model", .help = "the model's name, as the server knows it"}, o.model);
  v.field({.name = "model_revision",
           .help = "which weights these are, in your words (a commit, a date): kale cannot see "
                   "them, and asks again where this changes"},
          o.model_revision);
  v.field({.name = "token_file",
           .help = "file whose first line is the server's token; empty for none",
           .affects = Affects::kSpeedOnly},
          o.token_file);
  v.field({.name = "token_variable",
           .help = "name of the environment variable that holds the token; empty for none",
           .affects = Affects::kSpeedOnly},
          o.token_variable);
}

void visit_patience(OptionVisitor& v, HttpOptions& o) {
  v.field({.name = "requests_in_flight",
           .help = "requests at the server at once; further ones wait here",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 4096},
          o.requests_in_flight);
  v.field({.name = "timeout_s",
           .help = "longest time for one request, from connecting to its last byte",
           .affects = Affects::kSpeedOnly,
           .min = 0.05,
           .max = 86'400},
          o.timeout_s);
  v.field({.name = "connect_timeout_s",
           .help = "longest time for connecting",
           .affects = Affects::kSpeedOnly,
           .min = 0.05,
           .max = 3'600},
          o.connect_timeout_s);
  v.field({.name = "retries_max",
           .help = "how often a request is made again where the server broke or did not answer",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 100},
          o.retries_max);
  v.field({.name = "backoff_first_ms",
           .help = "wait before the first retry; doubled for each further one, less up to a half "
                   "by chance",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 600'000},
          o.backoff_first_ms);
  v.field({.name = "backoff_max_ms",
           .help = "longest such wait",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 3'600'000},
          o.backoff_max_ms);
  v.field({.name = "busy_max_s",
           .help = "longest time for which a request is made again where the server is busy (429, "
                   "503); then the server counts as gone and the run stops",
           .affects = Affects::kSpeedOnly,
           .min = 0,
           .max = 604'800},
          o.busy_max_s);
  v.field({.name = "gone_after",
           .help = "requests that failed one after another, after their retries, until the server "
                   "counts as gone and the run stops; also refused ones, before the first answer",
           .affects = Affects::kSpeedOnly,
           .min = 1,
           .max = 100'000},
          o.gone_after);
  v.field({.name = "reply_bytes_max",
           .help = "longest answer to one request, in bytes",
           .affects = Affects::kSpeedOnly,
           .min = 1'024,
           .max = 1 << 30},
          o.reply_bytes_max);
}

}  // namespace

void HttpOptions::visit(OptionVisitor& v) {
  visit_server(v, *this);
  visit_patience(v, *this);
  v.field({.name = "sees_images", .help = "the model is a VLM"}, sees_images);
  v.field({.name = "image_url",
           .help = "data: pictures are sent; url: the server may also fetch them by URL itself",
           .choices = {"data", "url"}},
          image_url);
  v.field({.name = "jpeg_quality", .help = "of pictures that are sent", .min = 1, .max = 100},
          jpeg_quality);
  v.field({.name = "candidates_at_once",
           .help = "ask for all candidates in one request (n); off for servers that refuse it"},
          candidates_at_once);
  v.field(
      {.name = "body",
       .help =
           "JSON object merged into every request: more fields, for example "
           "{\"chat_template_kwargs\": {\"enable_thinking\": false}}; null takes one out. The step "
           "sets temperature and seed, which may only be null"},
      body);
}

}  // namespace kale
