#include "kale/engines/http/connection.h"

#include <curl/curl.h>

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "kale/core/check.h"
#include "kale/engines/http/chat_reply.h"

namespace kale::http {
namespace {

using Easy = std::unique_ptr<CURL, void (*)(CURL*)>;
using Headers = std::unique_ptr<curl_slist, void (*)(curl_slist*)>;

struct Transfer {
  Connections::Id id = 0;
  std::string sent;
  std::string received;
  std::size_t bytes_max = 0;
  bool too_large = false;
  char reason[CURL_ERROR_SIZE] = {};
};

std::size_t receive(char* bytes, std::size_t, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.received.size() + count > transfer.bytes_max) {
    transfer.too_large = true;
    return CURL_WRITEFUNC_ERROR;
  }
  transfer.received.append(bytes, count);
  return count;
}

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  KALE_CHECK(started == CURLE_OK, "libcurl starts");
}

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
  KALE_CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK, "libcurl knows its options");
}

Transport transport_of(CURLcode code, bool too_large) {
  if (too_large) return Transport::kTooLarge;
  switch (code) {
    case CURLE_OK:
      return Transport::kFine;
    case CURLE_OPERATION_TIMEDOUT:
      return Transport::kTimedOut;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
      return Transport::kUntrusted;
    default:
      return Transport::kFailed;
  }
}

}  // namespace

struct Connections::State {
  State(ServerAddress address, TransferLimits transfer_limits, std::size_t connections_max)
      : server(std::move(address)),
        limits(transfer_limits),
        multi(curl_multi_init(), curl_multi_cleanup),
        headers(nullptr, curl_slist_free_all) {
    auto connections = static_cast<long>(connections_max);
    curl_multi_setopt(multi.get(), CURLMOPT_MAX_TOTAL_CONNECTIONS, connections);
    curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, connections);
    add_header("Content-Type: application/json");
    add_header("Accept: application/json");
    add_header("Expect:");  // a long body does not wait for leave to be sent
    if (!server.token.empty()) add_header("Authorization: Bearer " + server.token);
  }

  void add_header(const std::string& line) {
    auto* longer = curl_slist_append(headers.get(), line.c_str());
    KALE_CHECK(longer != nullptr, "there is memory for a header");
    (void)headers.release();
    headers.reset(longer);
  }

  void prepare(CURL* easy, const Request& request, Transfer& transfer) {
    set(easy, CURLOPT_URL, (server.url + request.path).c_str());
    set(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(easy, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy, CURLOPT_PROXY, "");  // also none from the environment
    set(easy, CURLOPT_NOSIGNAL, 1L);
    set(easy, CURLOPT_HTTPHEADER, headers.get());
    auto timeout = std::min(limits.timeout, request.timeout_max);
    set(easy, CURLOPT_TIMEOUT_MS, static_cast<long>(timeout.count()));
    set(easy, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(limits.connect_timeout.count()));
    set(easy, CURLOPT_WRITEFUNCTION, receive);
    set(easy, CURLOPT_WRITEDATA, &transfer);
    set(easy, CURLOPT_ERRORBUFFER, transfer.reason);
    set(easy, CURLOPT_PRIVATE, &transfer);
    if (transfer.sent.empty()) return;
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(transfer.sent.size()));
    set(easy, CURLOPT_POSTFIELDS, transfer.sent.data());
  }

  Finished finish(CURL* easy, CURLcode code) {
    Transfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    Finished finished;
    finished.id = transfer->id;
    finished.ended = ended_of(easy, code, *transfer);
    finished.body = std::move(transfer->received);
    auto found = transfers.find(finished.id);
    curl_multi_remove_handle(multi.get(), easy);
    transfers.erase(found);
    return finished;
  }

  Ended ended_of(CURL* easy, CURLcode code, const Transfer& transfer) const {
    Ended ended;
    ended.transport = transport_of(code, transfer.too_large);
    if (ended.transport != Transport::kFine) {
      ended.detail = transfer.reason[0] != '\0' ? transfer.reason : curl_easy_strerror(code);
      return ended;
    }
    long status = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    ended.status = static_cast<int>(status);
    curl_off_t retry_after = 0;  // seconds, also where the server named a date
    curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after);
    ended.retry_after = std::chrono::seconds(retry_after);
    if (verdict_of(ended) == Verdict::kAnswered)
      ended.status = stated_status(transfer.received).value_or(ended.status);
    if (verdict_of(ended) != Verdict::kAnswered)
      ended.detail = server_text(transfer.received, server.token);
    return ended;
  }

  struct Running {
    Running() : easy(curl_easy_init(), curl_easy_cleanup) {}
    Transfer transfer;
    Easy easy;  // goes before the transfer that it points to
  };

  const ServerAddress server;
  const TransferLimits limits;
  std::unique_ptr<CURLM, CURLMcode (*)(CURLM*)> multi;
  Headers headers;
  std::unordered_map<Id, std::unique_ptr<Running>> transfers;
  Id last_id = 0;
};

Connections::Connections(ServerAddress server, TransferLimits limits, std::size_t connections_max) {
  start_curl();
  state_ = std::make_unique<State>(std::move(server), limits, connections_max);
}

Connections::~Connections() {
  for (auto& [id, running] : state_->transfers)
    curl_multi_remove_handle(state_->multi.get(), running->easy.get());
}

Connections::Id Connections::begin(const Request& request) {
  auto running = std::make_unique<State::Running>();
  KALE_CHECK(running->easy != nullptr, "there is memory for a transfer");
  Id id = ++state_->last_id;
  running->transfer.id = id;
  running->transfer.sent = request.body;
  running->transfer.bytes_max = state_->limits.reply_bytes_max;
  state_->prepare(running->easy.get(), request, running->transfer);
  curl_multi_add_handle(state_->multi.get(), running->easy.get());
  state_->transfers.emplace(id, std::move(running));
  return id;
}

std::vector<Finished> Connections::advance() {
  int running = 0;
  CURLMcode moved = curl_multi_perform(state_->multi.get(), &running);
  KALE_CHECK(moved == CURLM_OK, "libcurl moves its transfers on");
  std::vector<Finished> finished;
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(state_->multi.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    finished.push_back(state_->finish(message->easy_handle, message->data.result));
  }
  return finished;
}

void Connections::wait(std::chrono::milliseconds longest) {
  curl_multi_poll(state_->multi.get(), nullptr, 0, static_cast<int>(longest.count()), nullptr);
}

void Connections::wake() { curl_multi_wakeup(state_->multi.get()); }

}  // namespace kale::http
