// The keys of a scene's JSON: each field named once, for reading and writing.
// Threads  functions are safe
#pragma once

#include <concepts>
#include <type_traits>

#include "kale/world/scene/scene.h"

namespace kale::world {

template <class T, class Struct>
concept Like = std::same_as<std::remove_const_t<T>, Struct>;

template <class Visitor, Like<Object> T>
void fields(Visitor& visit, T& object) {
  visit("part", object.part);
  visit("kind", object.kind);
  visit("name", object.name);
  visit("category", object.category);
  visit("colours", object.colours);
  visit("tint", object.tint);
  visit("box", object.box);
  visit("rotation", object.rotation);
  visit("visible", object.visible);
}

template <class Visitor, Like<Relating> T>
void fields(Visitor& visit, T& relating) {
  visit("subject", relating.subject);
  visit("relation", relating.relation);
  visit("object", relating.object);
}

template <class Visitor, Like<Text> T>
void fields(Visitor& visit, T& text) {
  visit("text", text.text);
  visit("role", text.role);
  visit("font", text.font);
  visit("colour", text.colour);
  visit("box", text.box);
  visit("row", text.row);
  visit("column", text.column);
}

template <class Visitor, Like<Chart> T>
void fields(Visitor& visit, T& chart) {
  visit("title", chart.title);
  visit("unit", chart.unit);
  visit("bar_colour", chart.bar_colour);
  visit("labels", chart.labels);
  visit("values", chart.values);
}

template <class Visitor, Like<Background> T>
void fields(Visitor& visit, T& background) {
  visit("kind", background.kind);
  visit("source", background.source);
  visit("colour", background.colour);
}

template <class Visitor, Like<Spoiling> T>
void fields(Visitor& visit, T& spoiling) {
  visit("blur_sigma", spoiling.blur_sigma);
  visit("noise_sigma", spoiling.noise_sigma);
  visit("vignette", spoiling.vignette);
  visit("cropped", spoiling.cropped);
  visit("jpeg_quality", spoiling.jpeg_quality);
}

template <class Visitor, Like<Knowledge> T>
void fields(Visitor& visit, T& knowledge) {
  visit("entity", knowledge.entity);
  visit("title", knowledge.title);
  visit("maker", knowledge.maker);
  visit("place", knowledge.place);
  visit("country", knowledge.country);
  visit("date", knowledge.date);
  visit("event", knowledge.event);
}

template <class Visitor, Like<AltText> T>
void fields(Visitor& visit, T& alt_text) {
  visit("text", alt_text.text);
  visit("form", alt_text.form);
  visit("true_names", alt_text.true_names);
  visit("false_names", alt_text.false_names);
}

template <class Visitor, Like<Captions> T>
void fields(Visitor& visit, T& captions) {
  visit("brief", captions.brief);
  visit("dense", captions.dense);
  visit("fused_brief", captions.fused_brief);
  visit("fused_dense", captions.fused_dense);
}

template <class Visitor, Like<Question> T>
void fields(Visitor& visit, T& question) {
  visit("kind", question.kind);
  visit("question", question.question);
  visit("answers", question.answers);
  visit("choices", question.choices);
  visit("sampling", question.sampling);
}

template <class Visitor, Like<Scene> T>
void fields(Visitor& visit, T& scene) {
  visit("seed", scene.seed);
  visit("key", scene.key);
  visit("split", scene.split);
  visit("layout", scene.layout);
  visit("style", scene.style);
  visit("width", scene.width);
  visit("height", scene.height);
  visit("objects", scene.objects);
  visit("relations", scene.relations);
  visit("texts", scene.texts);
  visit("chart", scene.chart);
  visit("background", scene.background);
  visit("spoiling", scene.spoiling);
  visit("knowledge", scene.knowledge);
  visit("alt_text", scene.alt_text);
  visit("captions", scene.captions);
  visit("questions", scene.questions);
}

// Structs that have keys.
struct AnyVisitor {
  template <class T>
  void operator()(const char*, T&) {}
};
template <class T>
concept Described = requires(AnyVisitor visit, T& value) {
  fields(visit, value);
};

}  // namespace kale::world
