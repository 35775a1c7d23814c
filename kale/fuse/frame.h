// Where a web title belongs in a dense caption's sentence: "[name]" in the place of what the
// caption calls by a commoner name, or beside it.
//   A dog sitting on a stump.       Greater Swiss Mountain Dog  A [name] sitting on a stump.
//   The man is giving a thumbs up.  Antoine Griezmann           The man, [name], is giving ...
//   The cover for close relation.   Close Relations             The cover for [name].
//   A room with two beds.           Hotel Miramar               This picture of [name] shows a room
//                                                               with two beds.
// Threads  free functions, safe
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "kale/fuse/web_text.h"

namespace kale {

enum class FrameForm {
  kNamed,     // the title takes the place of the caption's own noun
  kPerson,    // it is the name of the person seen
  kThing,     // the caption's subject is an instance of it: "[name] is a guitar pedal."
  kCover,     // it is what a cover, logo or sign is of
  kPicture,   // "This picture of [name] shows ...": its place in the sentence is not known
  kSentence,  // a sentence of its own, behind the caption's
  kQuoted,    // a headline, quoted
};
std::string_view frame_form_name(FrameForm form);

struct Frame {
  std::string sentence;  // holds "[name]" once
  std::string name;      // what stands there: the title, its article and small letters mended
  FrameForm form = FrameForm::kPicture;
};

// `common`: stems of nouns and adjectives that are no names, whatever their capitals.
Frame frame_of(std::string_view sentence, const WebText& web, const std::set<std::string>& common);

// The frame with the name in its place.
std::string fill_frame(const Frame& frame);

// The web text's other phrases in brackets behind the name, as `fused` has it.
std::string with_phrases(std::string_view fused, std::string_view name, const WebText& web);

}  // namespace kale
