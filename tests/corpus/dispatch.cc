// Dispatches: what branch offices send to the papers of their town, in fixed wording with other
// names, places and days, hardly a number. Two of one form are two stories, whoever prints them.
#include <string>
#include <utility>

#include "tests/corpus/korean.h"
#include "tests/corpus/story.h"
#include "tests/corpus/words.h"

namespace wonbon::corpus {
namespace {

// The facts that a dispatch is filled in with.
struct Facts {
  explicit Facts(Random& random)
      : place(random.Pick(Places())),
        spot(random.Pick(Spots())),
        organisation(Line() << random.Pick(OrgHeads()) << random.Pick(OrgTails())),
        partner(Line() << random.Pick(OrgHeads()) << random.Pick(OrgTails())),
        name(Line() << random.Pick(Surnames()) << random.Pick(GivenNames())),
        surname(random.Pick(Surnames())),
        day(Line() << std::to_string(random.Between(1, 28)) << "일"),
        thing(random.Pick(Things())) {}

  std::string place, spot, organisation, partner, name, surname, day, thing;
};

Notice FireDrill(const Facts& f) {
  return {Line() << f.place << "소방서, " << f.spot << " 화재 대응 훈련",
          Line() << f.place << "소방서는 " << f.day << " " << f.spot
                 << "에서 화재에 대비한 합동 훈련을 했다고 밝혔다. 이번 훈련은 늦은 시간 불이 나 안에 있던 이들이 미처 "
                    "빠져나오지 못한 상황을 가정해 진행됐다. 대원들은 신고를 받은 뒤 현장에 이르러 물을 뿌리고 갇힌 이들을 "
                    "밖으로 옮기는 과정을 차례로 점검했다. "
                 << f.name
                 << " 서장은 \"실제와 같은 훈련을 되풀이해 주민의 생명과 재산을 지키겠다\"며 \"자위소방대도 초기에 불을 끌 수 "
                    "있게 평소 소화기 위치를 익혀 달라\"고 당부했다."};
}

Notice Campaign(const Facts& f) {
  return {Line() << f.place << "보건소, " << f.spot << "서 금연 홍보",
          Line() << f.place << "보건소가 " << f.day << " " << f.spot
                 << " 일대에서 담배 없는 거리를 만들기 위한 홍보 활동을 벌였다. 보건소 직원과 자원봉사자들은 오가는 시민에게 "
                    "안내문을 나눠 주고 간접흡연이 아이들에게 얼마나 해로운지 설명했다. 상담을 신청한 시민에게는 보조제와 "
                    "행동요령 책자도 건넸다. "
                 << f.name
                 << " 보건소장은 \"끊고 싶어도 혼자서는 어려운 분들이 많다\"며 \"언제든 찾아오면 끝까지 돕겠다\"고 말했다. 보건소는 "
                    "다음 달에도 학교와 일터를 찾아가 같은 활동을 이어 갈 계획이다."};
}

Notice Donation(const Facts& f) {
  return {Line() << f.organisation << ", " << f.place << "에 이웃돕기 성금",
          Line() << Topic(f.organisation) << " " << f.day << " " << f.place
                 << " 청사를 찾아 어려운 이웃을 위해 써 달라며 성금을 전달했다고 밝혔다. 전달식에는 임직원과 지역 복지관 관계자들이 "
                    "함께했다. 성금은 홀로 지내는 어르신과 형편이 어려운 가정의 난방비로 쓰인다. "
                 << f.name
                 << " 대표는 \"지역에서 받은 사랑을 조금이나마 돌려드리고 싶었다\"며 \"앞으로도 꾸준히 나눔을 실천하겠다\"고 말했다. 이 "
                    "단체는 해마다 겨울이면 김장과 연탄 나눔도 이어 오고 있다."};
}

Notice Agreement(const Facts& f) {
  return {Line() << f.organisation << "-" << f.partner << ", 업무협약",
          Line() << With(f.organisation) << " " << Topic(f.partner) << " " << f.day << " "
                 << f.place << " " << f.spot << "에서 " << f.thing
                 << " 사업을 함께 추진하기 위한 업무협약을 맺었다. 두 기관은 협약에 따라 가진 자료와 시설을 나눠 쓰고 인력을 함께 "
                    "기르며 공동 과제를 찾아내기로 했다. 실무자들이 참여하는 협의체도 꾸려 분기마다 진행 상황을 점검한다. "
                 << f.name
                 << " 대표는 \"두 기관의 강점을 모으면 지역에 보탬이 되는 성과를 낼 수 있을 것\"이라고 기대했다."};
}

Notice Award(const Facts& f) {
  return {Line() << f.organisation << " " << f.name << ", 올해의 봉사상",
          Line() << f.organisation << "의 " << Subject(f.name) << " " << f.day << " " << f.place
                 << " " << f.spot
                 << "에서 열린 시상식에서 올해의 봉사상을 받았다. 심사위원회는 \"남들이 꺼리는 일을 오랫동안 묵묵히 해 왔고 주위를 "
                    "따뜻하게 만들었다\"고 선정 이유를 밝혔다. 수상자는 틈날 때마다 홀로 사는 어르신의 집을 고쳐 주고 아이들에게 "
                    "책을 읽어 준 것으로 알려졌다. 수상자는 \"더 잘하라는 뜻으로 받아들이겠다\"며 \"상금은 모두 기부하겠다\"고 소감을 "
                    "말했다."};
}

Notice Accident(const Facts& f) {
  return {Line() << f.place << " " << f.spot << " 앞 도로서 트럭 전복",
          Line() << f.day << " " << f.place << " " << f.spot
                 << " 앞 도로에서 짐을 싣고 가던 트럭이 미끄러지며 옆으로 넘어졌다. 이 사고로 운전자 "
                 << f.surname
                 << "모 씨가 다쳐 가까운 병원으로 옮겨졌으나 생명에는 지장이 없는 것으로 전해졌다. 쏟아진 짐을 치우느라 한동안 "
                    "일대가 막혀 차들이 돌아가야 했다. "
                 << f.place
                 << "경찰서는 운전자가 빗길에 속도를 줄이지 못한 것으로 보고 목격자와 차량 기록 장치를 확인해 정확한 경위를 조사하고 있다."};
}

Notice Verdict(const Facts& f) {
  return {Line() << f.place << "지원, 거래처 속인 " << f.surname << "모 씨 집행유예",
          Line() << f.place << "지원은 " << f.day << " " << Object(f.organisation)
                 << " 상대로 물건값을 가로챈 혐의로 넘겨진 " << f.surname
                 << "모 씨에게 징역형의 집행유예를 선고했다. 재판부는 \"신뢰를 저버린 책임이 가볍지 않으나 잘못을 뉘우치고 피해를 "
                    "대부분 갚은 점을 고려했다\"고 밝혔다. 조사 결과 피고인은 "
                 << f.spot
                 << " 부근에 사무실을 차려 놓고 대금을 먼저 주면 곧 물건을 보내겠다고 속인 것으로 드러났다. 피고인과 검찰은 "
                    "아직 항소 여부를 밝히지 않았다."};
}

Notice Missing(const Facts& f) {
  return {Line() << f.place << "경찰서, 실종된 " << f.surname << "모 할머니 찾는다",
          Line() << f.place << "경찰서는 " << f.day << " 집을 나간 뒤 돌아오지 않는 " << f.surname
                 << "모 할머니를 찾고 있다고 밝혔다. 할머니는 " << f.spot
                 << " 근처에서 마지막으로 모습이 확인됐다. 당시 짙은 색 윗옷과 누비바지를 입고 작은 손가방을 들었던 것으로 전해졌다. "
                    "기억이 흐려 이름과 주소를 말하지 못할 수 있다. 경찰은 수색견과 드론을 동원해 둘레를 살피고 있으며 비슷한 "
                    "사람을 본 시민은 가까운 지구대로 알려 달라고 당부했다."};
}

}  // namespace

Notice WriteDispatch(size_t form, Random& random) {
  using Writer = Notice (*)(const Facts&);
  constexpr Writer kWriters[] = {FireDrill, Campaign, Donation, Agreement,
                                 Award,     Accident, Verdict,  Missing};
  static_assert(std::size(kWriters) == kDispatchForms);
  return kWriters[form % kDispatchForms](Facts(random));
}

}  // namespace wonbon::corpus
