// llama.cpp has one log for the process. Nothing of it is printed; errors wait here for a message.
// Threads  safe from many
#pragma once

#include <string>

namespace kale {

// Before any other call into llama.cpp; further calls do nothing.
void begin_llama();

// What llama.cpp logged as errors since the last call, on one line; for messages.
std::string last_llama_errors();

}  // namespace kale
