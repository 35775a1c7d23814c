// A server for tests, on a free port of 127.0.0.1: the test says what it answers, byte by byte if
// it likes, and reads what it was asked.
// Threads  the handler runs on a thread for each connection; everything else is the test's
#pragma once

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "kale/core/check.h"

namespace kale::http {

struct Asked {
  std::string head;  // request line and headers
  std::string body;
  int connection = 0;  // its number, from 0
  bool is_chat() const { return head.starts_with("POST /v1/chat/completions "); }
};

// What goes back, from "HTTP/1.1" on; empty closes the connection without a word.
using Handler = std::function<std::string(const Asked&)>;

inline std::string http_answer(int status, const std::string& body,
                               const std::string& headers = "") {
  return "HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Type: application/json\r\n" +
         headers + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

class FakeServer {
 public:
  explicit FakeServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    KALE_CHECK(::bind(listener_, generic, size) == 0 && ::listen(listener_, 128) == 0 &&
                   ::getsockname(listener_, generic, &size) == 0,
               "tests can listen on 127.0.0.1");
    port_ = ntohs(address.sin_port);
    acceptor_ = std::thread([this] { accept_all(); });
  }
  ~FakeServer() { die(); }

  // As a killed process: nobody listens, all connections break. The handler must not wait then.
  void die() {
    {
      std::lock_guard lock(mutex_);
      if (dead_) return;
      dead_ = true;
      ::shutdown(listener_, SHUT_RDWR);
      for (int connection : connections_) ::shutdown(connection, SHUT_RDWR);
    }
    acceptor_.join();
    ::close(listener_);
    for (std::thread& thread : threads_) thread.join();
    for (int connection : connections_) ::close(connection);
  }

  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  std::string url() const { return origin() + "/v1"; }
  std::vector<Asked> asked() const {
    std::lock_guard lock(mutex_);
    return asked_;
  }
  std::vector<Asked> chats() const {
    auto chats = asked();
    std::erase_if(chats, [](const Asked& one) { return !one.is_chat(); });
    return chats;
  }
  int connections() const {
    std::lock_guard lock(mutex_);
    return static_cast<int>(connections_.size());
  }
  // Requests that were being answered at the same time, at most.
  int most_at_once() const {
    std::lock_guard lock(mutex_);
    return most_at_once_;
  }

 private:
  void accept_all() {
    while (true) {
      int connection = ::accept(listener_, nullptr, nullptr);
      std::lock_guard lock(mutex_);
      if (dead_ || connection < 0) {
        if (connection >= 0) ::close(connection);
        return;
      }
      int number = static_cast<int>(connections_.size());
      connections_.push_back(connection);
      threads_.emplace_back([this, connection, number] { serve(connection, number); });
    }
  }

  void serve(int connection, int number) {
    std::string buffer;
    while (true) {
      Asked asked;
      asked.connection = number;
      if (!read_request(connection, buffer, asked)) break;
      {
        std::lock_guard lock(mutex_);
        asked_.push_back(asked);
        most_at_once_ = std::max(most_at_once_, ++at_once_);
      }
      std::string answer = handler_(asked);
      {
        std::lock_guard lock(mutex_);
        --at_once_;
      }
      if (answer.empty() || !send_all(connection, answer)) break;
    }
    ::shutdown(connection, SHUT_RDWR);
  }

  static bool read_request(int connection, std::string& buffer, Asked& asked) {
    std::size_t end;
    while ((end = buffer.find("\r\n\r\n")) == std::string::npos)
      if (!read_more(connection, buffer)) return false;
    asked.head = buffer.substr(0, end + 2);
    buffer.erase(0, end + 4);
    std::size_t length = 0;
    auto at = asked.head.find("Content-Length: ");
    if (at != std::string::npos) length = std::stoul(asked.head.substr(at + 16));
    while (buffer.size() < length)
      if (!read_more(connection, buffer)) return false;
    asked.body = buffer.substr(0, length);
    buffer.erase(0, length);
    return true;
  }

  static bool read_more(int connection, std::string& buffer) {
    std::array<char, 1 << 16> block;
    auto got = ::recv(connection, block.data(), block.size(), 0);
    if (got <= 0) return false;
    buffer.append(block.data(), static_cast<std::size_t>(got));
    return true;
  }

  static bool send_all(int connection, std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(connection, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  const Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  std::thread acceptor_;
  mutable std::mutex mutex_;
  std::vector<int> connections_;
  std::vector<std::thread> threads_;
  std::vector<Asked> asked_;
  int at_once_ = 0;
  int most_at_once_ = 0;
  bool dead_ = false;
};

}  // namespace kale::http
