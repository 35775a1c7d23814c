// Encodes the pictures of requests that wait, on a thread of its own, while the workers decode
// others. run() is the loop of that thread.
// Errors   a picture that cannot be taken, or a prompt too long with it, is its row's; when
//          llama.cpp fails: closes the queue with kEngineGone, which ends all
// Threads  belongs to the thread that calls run()
#pragma once

#include <functional>
#include <vector>

#include "kale/engines/llama/projector.h"
#include "kale/engines/llama/queue.h"

namespace kale::llama {

class Encoder {
 public:
  // The tokens of a request with its pictures among them; an error where there are too many.
  using Place = std::function<Result<PromptTokens>(const Request&, std::vector<PicturePart>)>;

  // `together`: requests whose pictures may be encoded at once, where the projector can.
  Encoder(Projector& projector, Queue& queue, std::size_t together, Place place);

  void run();

 private:
  void see(std::vector<Request> requests);
  Result<PromptTokens> place(const Request& request) const;

  Projector& projector_;
  Queue& queue_;
  const std::size_t together_;
  const Place place_;
};

}  // namespace kale::llama
