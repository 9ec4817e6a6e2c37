// Writes Korean news: stories with a cast of people, organisations, places and subjects of their
// own, so that two stories share little by accident; and notices of a fixed form with changing
// facts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/corpus/random.h"

namespace wonbon::corpus {

struct Person {
  std::string name;    // "김도담"
  std::string office;  // "누리재단 이사장"
};

// What a story is about.
struct Cast {
  std::vector<Person> people;
  std::vector<std::string> organisations;
  std::string place;
  std::string spot;
  std::vector<std::string> subjects;
};

struct Story {
  Cast cast;
  std::string title;
  std::vector<std::string> sentences;  // the lead first
};

// Sentences a paragraph of Body().
inline constexpr size_t kSentencesPerParagraph = 3;

Story WriteStory(int sentences, Random& random);
// `count` more sentences about the cast.
std::vector<std::string> WriteSentences(const Cast& cast, int count, Random& random);
// Another headline for the same story.
std::string WriteTitle(const Cast& cast, Random& random);

// Paragraphs of sentences [begin, end), an empty line between them.
std::string Body(const std::vector<std::string>& sentences, size_t begin, size_t end);
std::string Body(const std::vector<std::string>& sentences);

// Forms: every notice of a kind has the same sentences with other facts.
enum class Form { kMarket, kWeather, kPersonnel, kCaption, kLottery };
inline constexpr Form kForms[] = {Form::kMarket, Form::kWeather, Form::kPersonnel, Form::kCaption,
                                  Form::kLottery};
struct Notice {
  std::string title;
  std::string body;
};
Notice WriteNotice(Form form, Random& random);

// A dispatch of form 0 to kDispatchForms - 1, filled in with names, places and a day.
inline constexpr size_t kDispatchForms = 8;
Notice WriteDispatch(size_t form, Random& random);

// One sentence of news, too short to be a copy by similarity.
std::string WriteFlash(Random& random);

}  // namespace wonbon::corpus
