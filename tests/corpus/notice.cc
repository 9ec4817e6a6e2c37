// Notices of a fixed form: what most articles that look alike and are not copies are made of.
#include <utility>

#include "tests/corpus/korean.h"
#include "tests/corpus/story.h"
#include "tests/corpus/words.h"

namespace wonbon::corpus {
namespace {

std::string Digits(int low, int high, Random& random) {
  return std::to_string(random.Between(low, high));
}
std::string Name(Random& random) {
  return Line() << random.Pick(Surnames()) << random.Pick(GivenNames());
}
std::string Company(Random& random) {
  return Line() << random.Pick(OrgHeads()) << random.Pick(OrgTails());
}
std::string Date(Random& random) {
  return Line() << Digits(1, 12, random) << "월 " << Digits(1, 28, random) << "일";
}
std::string Time(int first, int last, Random& random) {
  return Line() << Digits(first, last, random) << "시 " << Digits(1, 59, random) << "분";
}
std::string Percent(Random& random) {
  return Line() << Digits(0, 9, random) << "." << Digits(10, 99, random) << "%";
}
std::string Shares(Random& random) { return Count(random.Between(100, 990000)) + "주"; }

Notice Market(Random& random) {
  const std::string company = Company(random);
  Notice out;
  out.title = Line() << company << ", 장중 " << Percent(random) << " 상승";
  out.body =
      Line() << company << " 주가가 " << Date(random)
             << " 유가증권시장에서 오름세를 보이고 있다. 오전 " << Time(9, 11, random)
             << " 현재 전 거래일보다 " << Percent(random) << " 오른 "
             << Count(random.Between(1100, 480000)) << "원에 거래되고 있다. 거래량은 "
             << Shares(random) << ", 거래대금은 " << Count(random.Between(3, 4000))
             << "억원이다. 외국인은 " << Shares(random) << "를 순매수했고 기관은 " << Shares(random)
             << "를 순매도했다. 이 종목의 최근 한 달간 주가 등락과 외국인 지분율은 본문 아래 "
                "표에서 확인할 수 있다.";
  return out;
}

Notice Weather(Random& random) {
  const std::string place(random.Pick(Places()));
  Notice out;
  out.title = Line() << "[오늘의 날씨] " << place << " 낮 최고 " << Digits(1, 36, random) << "도";
  out.body = Line() << Date(random) << " " << Topic(place)
                    << " 대체로 맑다가 오후부터 구름이 많아지겠다. 아침 최저기온은 "
                    << Digits(-15, 22, random) << "도, 낮 최고기온은 " << Digits(-3, 36, random)
                    << "도로 예상된다. 미세먼지 농도는 " << Digits(10, 90, random)
                    << "마이크로그램으로 원활한 대기 확산 덕분에 보통 수준을 보이겠다. 바람은 초속 "
                    << Digits(1, 14, random) << "미터로 불겠고 습도는 " << Digits(20, 95, random)
                    << "퍼센트 안팎이겠다. 해 뜨는 시각은 오전 " << Time(5, 7, random)
                    << ", 해 지는 시각은 오후 " << Time(5, 7, random) << "이다.";
  return out;
}

void AddPosts(Line& body, Random& random) {
  for (int i = 0; i < 6; ++i) {
    body << " ▲ " << random.Pick(OrgTails()) << " " << random.Pick(Offices()) << " "
         << Name(random);
  }
}

Notice Personnel(Random& random) {
  const std::string company = Company(random);
  Notice out;
  out.title = "[인사] " + company;
  Line body;
  body << "◇ " << company << " ◇ 승진";
  AddPosts(body, random);
  body << " ◇ 전보";
  AddPosts(body, random);
  out.body = std::move(body);
  return out;
}

Notice Caption(Random& random) {
  const std::string name = Name(random);
  Notice out;
  out.title = "[포토] " + name + ", 손 흔들며 입장";
  out.body = Line() << name << " 배우가 " << Date(random) << " 오후 " << random.Pick(Places())
                    << " " << random.Pick(Spots()) << "에서 열린 ‘" << random.Pick(OrgHeads())
                    << " " << random.Pick(Events())
                    << "’에 참석해 취재진을 향해 포즈를 취하고 있다. 이날 행사에는 " << Name(random)
                    << ", " << Name(random) << " 등이 참석해 자리를 빛냈다.";
  return out;
}

Notice Lottery(Random& random) {
  const std::string round = Digits(700, 1300, random);
  Line numbers;
  int number = 0;
  for (int i = 0; i < 6; ++i) {
    number += random.Between(1, 7);
    numbers << (i != 0 ? ", " : "") << std::to_string(number);
  }
  Notice out;
  out.title = "제" + round + "회 행운복권 1등 당첨번호";
  out.body =
      Line() << "제" << round << "회 행운복권 추첨 결과 1등 당첨번호는 "
             << std::string(std::move(numbers)) << "번으로 결정됐다. 2등 보너스 번호는 "
             << Digits(43, 45, random) << "번이다. 당첨번호 6개를 모두 맞힌 1등 당첨자는 "
             << Digits(2, 29, random) << "명으로 당첨금은 " << Digits(9, 80, random) << "억 "
             << Digits(1000, 9999, random) << "만원씩이다. 5개와 보너스 번호가 일치한 2등은 "
             << Digits(40, 99, random) << "명으로 각 " << Digits(3000, 8999, random)
             << "만원을 받는다. 당첨금은 지급 개시일부터 1년 안에 찾아야 하며 기한이 휴일이면 "
                "다음 영업일까지 받을 수 있다.";
  return out;
}

}  // namespace

Notice WriteNotice(Form form, Random& random) {
  switch (form) {
    case Form::kMarket: return Market(random);
    case Form::kWeather: return Weather(random);
    case Form::kPersonnel: return Personnel(random);
    case Form::kCaption: return Caption(random);
    case Form::kLottery: return Lottery(random);
  }
  return {};
}

}  // namespace wonbon::corpus
