#include "tests/server/texts.h"

#include <array>
#include <random>

namespace wonbon {
namespace {

constexpr std::array kPlaces = {"서울", "부산", "강릉", "제주", "전주", "포항", "춘천", "목포",
                                "창원", "수원", "울산", "광주", "대전", "청주", "여수", "안동"};
constexpr std::array kWho = {"시민단체", "연구진",   "어민들",     "구청장", "교육청", "소방당국",
                             "재판부",   "학부모회", "상인회",     "조합원", "기상청", "협의회",
                             "구단주",   "투자자",   "자원봉사자", "감독관"};
constexpr std::array kWhat = {"도서관", "산책로", "수산시장", "방파제",   "체육관", "급식소",
                              "주차장", "과수원", "박물관",   "순환버스", "공연장", "정수장",
                              "태양광", "반도체", "마라톤",   "고속철도"};
constexpr std::array kHow = {"새로 꾸며",     "두 배로 늘려", "서둘러 고쳐", "안전하게 옮겨",
                             "값싸게 사들여", "조용히 닫아",  "함께 지켜",   "무료로 열어",
                             "밤새 살펴",     "다시 설계해"};
constexpr std::array kVerb = {"갈등이 커지고 있다", "기대가 모이고 있다", "논란을 불렀다",
                              "박수를 받았다",      "합의에 이르렀다",    "조사를 앞두고 있다",
                              "예산을 따냈다",      "기록을 갈아치웠다",  "걱정을 덜었다",
                              "계획을 내놓았다"};

using Random = std::mt19937_64;

template <class Words>
const char* Pick(const Words& words, Random& random) {
  return words[random() % words.size()];
}

std::string Sentence(Random& random) {
  std::string text = Pick(kPlaces, random);
  text += " ";
  text += Pick(kWho, random);
  text += "은 ";
  text += std::to_string(random() % 90 + 10);
  text += "일째 ";
  text += Pick(kWhat, random);
  text += "과 ";
  text += Pick(kWhat, random);
  text += "을 ";
  text += Pick(kHow, random);
  text += " ";
  text += Pick(kVerb, random);
  text += ". ";
  return text;
}

std::string Compose(uint64_t seed, int sentences, int replaced) {
  Random random(seed * 7'919 + 17);
  Random other(seed * 104'729 + 3);
  std::string text;
  for (int i = 0; i < sentences; ++i) {
    const std::string sentence = Sentence(random);
    text += i == replaced ? Sentence(other) : sentence;
  }
  return text;
}

}  // namespace

std::string ArticleText(uint64_t seed, int sentences) { return Compose(seed, sentences, -1); }

std::string EditedText(uint64_t seed, int sentences) {
  return Compose(seed, sentences, sentences - 2);
}

std::string HeadlineText(uint64_t seed) {
  Random random(seed * 31 + 5);
  return std::string(Pick(kPlaces, random)) + " " + Pick(kWhat, random) + ", " +
         Pick(kVerb, random);
}

}  // namespace wonbon
