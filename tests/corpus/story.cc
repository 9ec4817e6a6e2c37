#include "tests/corpus/story.h"

#include <algorithm>
#include <utility>

#include "tests/corpus/korean.h"
#include "tests/corpus/words.h"

namespace wonbon::corpus {
namespace {

std::string_view OneOf(std::initializer_list<std::string_view> choices, Random& random) {
  return choices.begin()[random.Below(choices.size())];
}

std::string Organisation(Random& random) {
  return Line() << random.Pick(OrgHeads()) << random.Pick(OrgTails());
}

std::string Name(Random& random) {
  return Line() << random.Pick(Surnames()) << random.Pick(GivenNames());
}

Cast MakeCast(Random& random) {
  Cast cast;
  cast.place = random.Pick(Places());
  cast.spot = random.Pick(Spots());
  for (int i = 0; i < 3; ++i) cast.organisations.push_back(Organisation(random));
  for (int i = 0; i < 3; ++i) {
    const std::string home = i == 0 ? cast.place + "시" : cast.organisations[i - 1];
    cast.people.push_back({Name(random), Line() << home << " " << random.Pick(Offices())});
  }
  for (int i = 0; i < 5; ++i) {
    Line subject;
    subject << random.Pick(Things());
    if (random.Chance(60)) subject << " " << random.Pick(Aspects());
    cast.subjects.push_back(std::move(subject));
  }
  return cast;
}

// What a sentence is about: mostly the story's own subjects, otherwise something beside them.
std::string Matter(const Cast& cast, Random& random) {
  Line matter;
  if (random.Chance(55)) matter << random.Pick(Modifiers()) << " ";
  matter << (random.Chance(55) ? std::string_view(random.Pick(cast.subjects))
                               : random.Pick(Things()));
  if (random.Chance(35)) matter << " " << random.Pick(Aspects());
  return matter;
}

std::string Quantity(Random& random) {
  const int digits = random.Between(1, 4);
  int64_t value = random.Between(1, 9);
  for (int i = 1; i < digits; ++i) value = value * 10 + random.Between(0, 9);
  return Line() << Count(value) << random.Pick(Units());
}

std::string Percent(Random& random) {
  return Line() << std::to_string(random.Between(2, 78)) << "."
                << std::to_string(random.Between(0, 9)) << "%";
}

std::string Money(Random& random) {
  return Line() << Count(random.Between(2, 9999)) << (random.Chance(70) ? "억원" : "만원");
}

std::string NameAndOffice(const Person& person) { return person.name + " " + person.office; }

std::string Actor(const Cast& cast, Random& random) {
  if (random.Chance(40)) return random.Pick(cast.organisations);
  if (random.Chance(50)) return NameAndOffice(random.Pick(cast.people));
  return Line() << cast.place
                << OneOf({"시", " 주민들", "시의회", " 상인들", " 지역 단체"}, random);
}

// "낡은 제방을 점검한 뒤"
std::string Clause(const Cast& cast, Random& random) {
  return Line() << Object(Matter(cast, random)) << " " << random.Pick(Actions())
                << random.Pick(Reasons());
}

std::string Plain(const Cast& cast, Random& random) {
  Line out;
  out << Topic(Actor(cast, random)) << " ";
  if (random.Chance(40)) out << random.Pick(Times()) << " ";
  if (random.Chance(35)) out << Clause(cast, random) << " ";
  out << Object(Matter(cast, random)) << " ";
  if (random.Chance(60)) out << random.Pick(Manners()) << " ";
  out << random.Pick(Actions()) << random.Pick(Endings()) << ".";
  return out;
}

std::string Quote(const Cast& cast, Random& random) {
  Line speaker;
  if (random.Chance(50)) {
    speaker << NameAndOffice(random.Pick(cast.people));
  } else {
    speaker << random.Pick(cast.organisations) << " 관계자";
  }
  return Line() << Topic(std::string(std::move(speaker))) << " “" << Object(Matter(cast, random))
                << " " << random.Pick(Manners()) << " " << random.Pick(Actions()) << "해 "
                << Subject(Matter(cast, random)) << " " << random.Pick(Actions())
                << OneOf({"되도록 하겠다", "될 때까지 지켜보겠다", "돼야 한다", "되리라고 본다",
                          "되지 않으면 곤란하다", "되는 것이 우선이다", "됐다는 점을 기억해 달라"},
                         random)
                << "”고 " << random.Pick(Sayings()) << ".";
}

std::string Figures(const Cast& cast, Random& random) {
  return Line() << Topic(Matter(cast, random)) << " " << random.Pick(Times()) << " "
                << Toward(Quantity(random)) << " "
                << OneOf({"집계돼 ", "잠정 집계돼 ", "추산돼 ", "조사돼 "}, random)
                << OneOf({"한 해 전보다 ", "직전 조사보다 ", "목표보다 ", "전국 평균보다 "}, random)
                << Percent(random) << " "
                << OneOf({"늘었다.", "줄었다.", "많았다.", "낮았다.", "높았다."}, random);
}

std::string Spending(const Cast& cast, Random& random) {
  return Line() << OneOf({"여기에는 ", "올해는 ", "모두 ", "내년까지 ", "1차로 "}, random)
                << Subject(Money(random)) << " 들어가며 " << Topic(Matter(cast, random)) << " "
                << Quantity(random) << " 규모로 " << random.Pick(Actions())
                << OneOf({"된다.", "될 예정이다.", "되고 있다.", "됐다."}, random);
}

std::string Gathering(const Cast& cast, Random& random) {
  return Line() << cast.place << " " << cast.spot << "에서 열린 " << random.Pick(Events())
                << "에는 " << NameAndOffice(random.Pick(cast.people)) << " 등 "
                << std::to_string(random.Between(12, 890)) << "명이 나와 "
                << Object(Matter(cast, random)) << " " << random.Pick(Actions())
                << random.Pick(Endings()) << ".";
}

std::string Consequence(const Cast& cast, Random& random) {
  return Line() << random.Pick(Openers()) << " " << Topic(Matter(cast, random)) << " "
                << random.Pick(Times()) << " " << With(Matter(cast, random)) << " 함께 "
                << random.Pick(Actions())
                << OneOf({"될 전망이다.", "될 것으로 보인다.", "되는 수순을 밟는다.",
                          "될 가능성이 크다.", "되기 어려워졌다."},
                         random);
}

std::string Sentence(const Cast& cast, Random& random) {
  switch (random.Below(10)) {
    case 0:
    case 1:
    case 2: return Plain(cast, random);
    case 3: return Line() << random.Pick(Openers()) << " " << Plain(cast, random);
    case 4:
    case 5: return Quote(cast, random);
    case 6: return Figures(cast, random);
    case 7: return Spending(cast, random);
    case 8: return Gathering(cast, random);
    default: return Consequence(cast, random);
  }
}

std::string Lead(const Cast& cast, Random& random) {
  return Line() << cast.place << OneOf({" 지역에서 ", " 일대에서 ", "에서 "}, random)
                << Object(Matter(cast, random)) << " " << random.Pick(Manners()) << " "
                << random.Pick(Actions()) << random.Pick(Reasons()) << " "
                << Subject(random.Pick(cast.organisations)) << " "
                << Object(random.Pick(cast.subjects)) << " " << random.Pick(Actions())
                << random.Pick(Endings()) << ".";
}

}  // namespace

std::vector<std::string> WriteSentences(const Cast& cast, int count, Random& random) {
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) out.push_back(Sentence(cast, random));
  return out;
}

std::string WriteTitle(const Cast& cast, Random& random) {
  const std::string& subject = random.Pick(cast.subjects);
  switch (random.Below(4)) {
    case 0:
      return Line() << cast.place << "시, " << subject << " " << random.Pick(Actions())
                    << " 나선다";
    case 1:
      return Line() << subject << " " << random.Pick(Actions()) << "…"
                    << random.Pick(cast.organisations) << " “" << random.Pick(Manners()) << " "
                    << random.Pick(Actions()) << "”";
    case 2: return Line() << NameAndOffice(cast.people[0]) << " “" << Subject(subject) << " 먼저”";
    default: return Line() << cast.place << " " << cast.spot << "에 모인 까닭은 " << subject;
  }
}

Story WriteStory(int sentences, Random& random) {
  Story story;
  story.cast = MakeCast(random);
  story.title = WriteTitle(story.cast, random);
  story.sentences = WriteSentences(story.cast, std::max(1, sentences), random);
  story.sentences[0] = Lead(story.cast, random);
  // News has numbers: by them two reports of one form are told apart.
  using Writer = std::string (*)(const Cast&, Random&);
  size_t position = 2;
  for (const Writer write : {Writer{Figures}, Writer{Spending}, Writer{Gathering}}) {
    if (position < story.sentences.size()) story.sentences[position] = write(story.cast, random);
    position += 2;
  }
  return story;
}

std::string Body(const std::vector<std::string>& sentences, size_t begin, size_t end) {
  std::string out;
  for (size_t i = begin; i < end; ++i) {
    if (i > begin) out += (i - begin) % kSentencesPerParagraph == 0 ? "\n\n" : " ";
    out += sentences[i];
  }
  return out;
}

std::string Body(const std::vector<std::string>& sentences) {
  return Body(sentences, 0, sentences.size());
}

std::string WriteFlash(Random& random) {
  return Line() << "[속보] " << random.Pick(Places()) << " " << random.Pick(Things()) << " "
                << random.Pick(Actions());
}

}  // namespace wonbon::corpus
