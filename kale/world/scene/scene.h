// One picture of the proving ground and all that is true of it.
// Who       world/make composes a scene and draws it, world/tell puts it in words, evaluate judges
//           captions by it
// Units     boxes in pixels of the finished picture; degrees clockwise; colours by the names of
//           colours.h
// Threads   plain data
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace kale::world {

// Scenes of different splits share no part, entity or font (docs/formats.md, "splits").
enum class Split { kTrain, kValidation, kTest };

// What a scene is built around. Text-dense pictures are table, chart and page.
enum class Layout { kObjects, kSign, kPrice, kTable, kChart, kPage };

// Left, top, width, height. Clipped to the picture.
struct Box {
  float x = 0, y = 0, width = 0, height = 0;
  bool operator==(const Box&) const = default;
};

// One thing in the picture. The same part twice is two objects.
struct Object {
  std::string part;      // "stamp/animals/birds/magellanic_penguin", "emoji/1F427", "flag/no"
  std::string kind;      // what anyone sees: "bird", "flag"; a row of kinds.tsv
  std::string name;      // what the pixels do not say: "Magellanic penguin", "Norway"; may be empty
  std::string category;  // "animal"
  std::vector<std::string> colours;  // measured from its own pixels as drawn; largest share first
  std::optional<std::string> tint;   // the colour it was changed to, where it was
  Box box;                           // what can be seen of it
  float rotation = 0;
  float visible = 1;  // share of its pixels that no other object covers
  bool operator==(const Object&) const = default;
};

enum class Relation { kLeftOf, kRightOf, kAbove, kBelow, kOn };

// objects[subject] is `relation` objects[object]. Both directions of a pair are listed. parse_truth
// refuses indices that no object has.
struct Relating {
  int subject = 0;
  Relation relation = Relation::kLeftOf;
  int object = 0;
  bool operator==(const Relating&) const = default;
};

enum class TextRole { kSign, kLabel, kPriceTag, kHeading, kCell, kAxis, kValue, kLine };

struct Text {
  std::string text;  // one line, as drawn
  TextRole role = TextRole::kSign;
  std::string font;  // the family: "DejaVu Sans"
  std::string colour;
  Box box;
  int row = -1, column = -1;  // of a kCell
  bool operator==(const Text&) const = default;
};

// A bar chart. Its words are among the texts too.
struct Chart {
  std::string title, unit, bar_colour;
  std::vector<std::string> labels;  // empty where one found no room in the picture
  std::vector<int> values;          // one a label
  bool operator==(const Chart&) const = default;
};

struct Background {
  std::string kind;    // "plain", "gradient", "paper", "wallpaper"
  std::string source;  // the file's name in its package; empty unless "wallpaper"
  std::string colour;  // the largest share, measured
  bool operator==(const Background&) const = default;
};

// How the picture was spoiled; 0 (quality 100) where it was not.
struct Spoiling {
  float blur_sigma = 0, noise_sigma = 0, vignette = 0, cropped = 0;
  int jpeg_quality = 92;
  bool operator==(const Spoiling&) const = default;
};

// What nobody can see: an invented, consistent history from the world's entity table.
struct Knowledge {
  std::string entity;                                     // row of the table: "artist/17"
  std::string title, maker, place, country, date, event;  // empty where the entity has none
  bool operator==(const Knowledge&) const = default;
};

// The form of the alt-text, after what the web has.
enum class AltForm {
  kNamed,         // names, place, date: all true
  kProduct,       // a product's title
  kFileName,      // DSC_0412.JPG
  kBoilerplate,   // search-engine words
  kHalfWrong,     // one name, count or colour is not true
  kWrongPicture,  // about another scene
  kForeign,       // true, in another language
  kEmpty,
  kInstruction,  // tells the reading model what to do
};

struct AltText {
  std::string text;
  AltForm form = AltForm::kNamed;
  std::vector<std::string> true_names;   // in the text, and true of this scene
  std::vector<std::string> false_names;  // in the text, and not true of it
  bool operator==(const AltText&) const = default;
};

// Reference captions, written from the truth alone.
struct Captions {
  std::string brief;        // 8-10 words, no names
  std::string dense;        // 50-90 words, no names
  std::string fused_brief;  // names in
  std::string fused_dense;
  bool operator==(const Captions&) const = default;
};

enum class QuestionKind { kOpen, kProbe, kKnowledge, kReading, kChartNumber, kChoice };

struct Question {
  QuestionKind kind = QuestionKind::kOpen;
  std::string question;
  std::vector<std::string> answers;  // ten for kOpen and kReading, else one; kProbe: "yes" or "no"
  std::vector<std::string> choices;  // kChoice: four; answers holds the letter
  std::string sampling;              // kProbe: "random", "popular" or "adversarial"
  bool operator==(const Question&) const = default;
};

struct Scene {
  std::uint64_t seed = 0;  // of this scene alone: (world's seed, index)
  std::string key;         // "test-7-000000042"
  Split split = Split::kTrain;
  Layout layout = Layout::kObjects;
  std::string style;  // "photo", "drawing" or "mixed": what the parts are
  int width = 0, height = 0;
  std::vector<Object> objects;  // in drawing order, the last on top
  std::vector<Relating> relations;
  std::vector<Text> texts;  // in reading order
  std::optional<Chart> chart;
  Background background;
  Spoiling spoiling;
  Knowledge knowledge;
  AltText alt_text;
  Captions captions;
  std::vector<Question> questions;
  bool operator==(const Scene&) const = default;
};

}  // namespace kale::world
