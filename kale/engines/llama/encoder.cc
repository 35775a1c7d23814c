#include "kale/engines/llama/encoder.h"

#include <utility>

namespace kale::llama {

Encoder::Encoder(Projector& projector, Queue& queue, std::size_t together, Place place)
    : projector_(projector),
      queue_(queue),
      together_(projector.encodes_several() ? together : 1),
      place_(std::move(place)) {}

void Encoder::run() {
  for (auto requests = queue_.take_unseen(together_); !requests.empty();
       requests = queue_.take_unseen(together_))
    see(std::move(requests));
}

Result<PromptTokens> Encoder::place(const Request& request) const {
  KALE_TRY(auto parts, projector_.cut(request.unseen.images));
  return place_(request, std::move(parts));
}

void Encoder::see(std::vector<Request> requests) {
  std::vector<Request> placed;
  std::vector<PicturePart*> parts;
  for (Request& request : requests) {
    auto prompt = place(request);
    if (!prompt) {
      request.done->set(std::move(prompt).error());
      continue;
    }
    request.prompt = std::move(*prompt);
    request.unseen = {};
    for (PlacedCells& cells : request.prompt.pictures) parts.push_back(&cells.part);
    placed.push_back(std::move(request));  // which leaves its parts where they are
  }
  auto encoded = projector_.encode(parts);
  if (!encoded) queue_.close(encoded.error());
  for (Request& request : placed) {
    auto* done = request.done;
    auto pushed = queue_.push(std::move(request));
    if (!pushed) done->set(std::move(pushed).error());
  }
}

}  // namespace kale::llama
