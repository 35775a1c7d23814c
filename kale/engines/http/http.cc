#include "kale/engines/http/http.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <utility>

#include "kale/engines/http/chat_body.h"
#include "kale/engines/http/chat_reply.h"
#include "kale/engines/http/client.h"
#include "kale/io/disk.h"
#include "kale/text/utf8.h"

namespace kale {
namespace {

constexpr std::int64_t kTokenBytesMax = 8 << 10;
constexpr int kCheckTokens = 16;

std::chrono::milliseconds ms_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

http::ClientOptions client_options(const HttpOptions& options, std::string token,
                                   std::string check) {
  return {.server = {.url = options.url, .token = std::move(token)},
          .limits = {.timeout = ms_of(options.timeout_s),
                     .connect_timeout = ms_of(options.connect_timeout_s),
                     .reply_bytes_max = static_cast<std::size_t>(options.reply_bytes_max)},
          .in_flight = static_cast<std::size_t>(options.requests_in_flight),
          .retries_max = static_cast<int>(options.retries_max),
          .busy_max = ms_of(options.busy_max_s),
          .gone_after = static_cast<std::size_t>(options.gone_after),
          .backoff = {.first = std::chrono::milliseconds(options.backoff_first_ms),
                      .max = std::chrono::milliseconds(options.backoff_max_ms)},
          .check = std::move(check)};
}

// One word of printable ASCII; what it holds is in no message.
Result<std::string> checked_token(std::string_view text, const std::string& where) {
  std::string_view token = trim(text.substr(0, text.find('\n')));
  bool is_word = std::all_of(token.begin(), token.end(), [](char c) { return c > 32 && c < 127; });
  if (token.empty() || !is_word)
    return Error{Code::kBadConfig,
                 fmt::format("{} holds no token; a token is one word of printable ASCII", where)};
  return std::string(token);
}

class HttpEngine : public Engine {
 public:
  HttpEngine(HttpOptions options, http::ChatBody body, std::filesystem::path token_file,
             Executor& cpu)
      : options_(std::move(options)),
        body_(std::move(body)),
        token_file_(std::move(token_file)),
        cpu_(cpu) {}
  ~HttpEngine() override { stop(); }

  EngineTraits traits() const override {
    return {.id = "http:" + options_.model,
            .model_digest = "stated:" + options_.model_revision,
            .revision = 1,
            .reproducible = false,
            .sees_images = options_.sees_images,
            .fetches_urls = options_.sees_images && options_.image_url == "url"};
  }

  Status start() override {
    KALE_TRY(token_, read_token());
    Prompt yes;
    yes.messages.push_back({"user", "Say yes."});
    KALE_TRY(std::string check, body_.text(yes, {.new_tokens_max = kCheckTokens}));
    client_ = std::make_unique<http::Client>(client_options(options_, token_, std::move(check)));
    return client_->start();
  }

  void stop() override {
    stopped_.store(true);
    if (client_) client_->close({Code::kCancelled, "the http engine is stopping"});
  }

  Task<Result<Reply>> generate(Prompt prompt, Decoding decoding) override {
    if (!client_ && stopped_.load()) co_return Error{Code::kCancelled, "the http engine stopped"};
    KALE_CHECK(client_ != nullptr, "generate() before start()");
    int wanted = std::max(1, decoding.candidates);
    bool is_greedy = decoding.temperature <= 0;
    decoding.candidates = is_greedy || !options_.candidates_at_once ? 1 : wanted;
    std::uint64_t seed = decoding.seed;
    Reply all;
    while (std::ssize(all.choices) < wanted) {
      auto index = static_cast<int>(all.choices.size());
      decoding.seed = http::sent_seed(seed, index);
      auto reply = co_await ask(prompt, decoding);
      if (!reply) co_return std::move(reply).error();
      append(all, std::move(*reply));
      decoding.candidates = 1;  // a server that gave fewer goes by one at a time
      if (is_greedy) break;
    }
    while (std::ssize(all.choices) < wanted)
      all.choices.push_back({.text = all.choices[0].text, .finish = all.choices[0].finish});
    co_return all;
  }

 private:
  static void append(Reply& all, Reply more) {
    all.prompt_tokens += more.prompt_tokens;
    for (Choice& choice : more.choices) all.choices.push_back(std::move(choice));
  }

  // Bodies are made and read on the caller's thread: pictures take time.
  Task<Result<Reply>> ask(const Prompt& prompt, const Decoding& decoding) {
    auto body = body_.text(prompt, decoding);
    if (!body) co_return std::move(body).error();
    Completion<Result<std::string>> done(cpu_);
    http::Client::Done answer = [&done](Result<std::string> text) { done.set(std::move(text)); };
    client_->push(std::move(*body), std::move(answer));
    auto text = co_await done;
    if (!text) co_return std::move(text).error();
    co_return http::parse_chat_reply(*text, decoding.candidates, token_);
  }

  Result<std::string> read_token() const {
    if (!options_.token_variable.empty()) {
      const char* value = std::getenv(options_.token_variable.c_str());
      return checked_token(value != nullptr ? value : "",
                           "the environment variable that token_variable names");
    }
    if (token_file_.empty()) return std::string();
    auto text = real_disk().read(token_file_, kTokenBytesMax);
    if (!text) return Error{Code::kBadConfig, fmt::format("token_file: {}", text.error().message)};
    return checked_token(*text, token_file_.string());
  }

  const HttpOptions options_;
  const http::ChatBody body_;
  const std::filesystem::path token_file_;
  Executor& cpu_;
  std::string token_;
  std::unique_ptr<http::Client> client_;
  std::atomic<bool> stopped_ = false;
};

Status check_url(const std::string& url) {
  std::string_view rest = url;
  for (std::string_view scheme : {"http://", "https://"})
    if (rest.starts_with(scheme)) rest.remove_prefix(scheme.size());
  bool has_host = rest.size() < url.size() && !rest.empty() && rest.front() != '/';
  if (!has_host || url.find_first_of("?# \t\r\n") != std::string::npos)
    return Error{Code::kBadConfig,
                 "url: must be an address such as http://127.0.0.1:8080/v1, without a query"};
  if (rest.substr(0, rest.find('/')).find('@') != std::string_view::npos)
    return Error{Code::kBadConfig,
                 "url: holds a name or password, which would be written to state "
                 "files; use token_file or token_variable"};
  return {};
}

// A name is stored with the recipe, so it must not be the token. The message does not repeat it.
Status check_token_variable(std::string_view name) {
  auto is_of_name = [](unsigned char c) {
    return c < 128 && (is_letter(c) || is_digit(c) || c == '_');
  };
  if (std::all_of(name.begin(), name.end(), is_of_name) && (name.empty() || !is_digit(name[0])))
    return {};
  return Error{Code::kBadConfig,
               "token_variable: must be the name of an environment variable (letters, digits and "
               "_), not the token; put the token into that variable"};
}

}  // namespace

Result<std::unique_ptr<Engine>> make_http(HttpOptions options, const BuildContext& build) {
  while (options.url.ends_with('/')) options.url.pop_back();
  KALE_OK(check_url(options.url));
  if (options.model.empty())
    return Error{Code::kBadConfig, "model: name the model as the server knows it"};
  KALE_OK(check_token_variable(options.token_variable));
  if (!options.token_file.empty() && !options.token_variable.empty())
    return Error{Code::kBadConfig, "give token_file or token_variable, not both"};
  http::BodyOptions shape{.model = options.model,
                          .sees_images = options.sees_images,
                          .sends_urls = options.image_url == "url",
                          .jpeg_quality = static_cast<int>(options.jpeg_quality)};
  KALE_TRY(auto body, http::ChatBody::make(std::move(shape), options.body));
  auto token_file =
      options.token_file.empty() ? std::filesystem::path() : build.resolve(options.token_file);
  return std::unique_ptr<Engine>(std::make_unique<HttpEngine>(std::move(options), std::move(body),
                                                              std::move(token_file), build.cpu));
}

}  // namespace kale
