#include "core/judge/headline.h"

#include <cstdint>
#include <vector>

#include "absl/container/flat_hash_map.h"

namespace wonbon {
namespace {

// Words that Korean headlines use for what happened. Ordinary words of the trade, by field; an
// inflected form is found by its stem.
constexpr std::u16string_view kStages[] = {
    // Police, prosecution, court: the first kCaseStages.
    u"체포", u"구속", u"영장", u"신청", u"청구", u"기각", u"발부", u"기소", u"송치", u"압수수색", u"소환", u"출석",
    u"조사", u"수사", u"착수", u"고발", u"고소", u"선고", u"구형", u"항소", u"상고", u"무죄", u"유죄", u"실형",
    u"집행유예", u"벌금", u"확정", u"파기", u"석방", u"보석", u"불구속", u"재판", u"공판", u"결심", u"자백", u"자수",
    u"심사", u"검거",
    // Announcements, meetings, decisions.
    u"발표", u"예정", u"전망", u"개최", u"개막", u"폐막", u"시작", u"종료", u"마무리", u"재개", u"중단", u"연기",
    u"취소", u"철회", u"무산", u"통과", u"부결", u"가결", u"상정", u"발의", u"합의", u"결렬", u"타결", u"체결",
    // People.
    u"취임", u"사퇴", u"사임", u"임명", u"내정", u"지명", u"경질", u"해임", u"복귀", u"별세", u"사망", u"숨져",
    u"발인", u"영결식", u"추모", u"실종", u"발견", u"구조", u"부상",
    // Politics and diplomacy.
    u"출국", u"귀국", u"입국", u"도착", u"방문", u"회담", u"회동", u"만나", u"만찬", u"통화", u"성명", u"반박",
    u"해명", u"사과", u"부인", u"인정", u"촉구", u"요구", u"비판", u"반발", u"환영", u"논란", u"유세", u"투표",
    u"개표", u"당선", u"출마", u"등록", u"단일화", u"파업", u"협상", u"해산",
    // Sports.
    u"우승", u"승리", u"패배", u"꺾고", u"탈락", u"진출", u"결승", u"준결승", u"선발", u"등판", u"득점", u"연승",
    u"연패",
    // Markets and companies.
    u"개장", u"출발", u"마감", u"상승", u"하락", u"급등", u"급락", u"반등", u"상한가", u"출시", u"공개", u"예약",
    u"판매", u"완판", u"착공", u"준공", u"개통", u"분양", u"당첨",
    // Accidents.
    u"철거", u"진화", u"완진", u"붕괴", u"폭발",
};
static_assert(std::size(kStages) <= kStageBits);
constexpr size_t kCaseStages = 38;
static_assert(kStages[kCaseStages - 1] == u"검거");

constexpr uint32_t Pair(const char16_t* units) { return uint32_t{units[0]} << 16 | units[1]; }

// From the first two units of a stage to the places in kStages.
const absl::flat_hash_map<uint32_t, std::vector<size_t>>& StagesByPair() {
  static const auto* const map = [] {
    auto* by_pair = new absl::flat_hash_map<uint32_t, std::vector<size_t>>;
    for (size_t i = 0; i < std::size(kStages); ++i) {
      (*by_pair)[Pair(kStages[i].data())].push_back(i);
    }
    return by_pair;
  }();
  return *map;
}

bool IsBracket(char16_t c) { return c == u'(' || c == u'[' || c == u')' || c == u']'; }

}  // namespace

StageSet ReadStages(std::u16string_view units) {
  const auto& by_pair = StagesByPair();
  StageSet out;
  for (size_t i = 0; i + 2 <= units.size(); ++i) {
    const auto found = by_pair.find(Pair(units.data() + i));
    if (found == by_pair.end()) continue;
    for (const size_t stage : found->second) {
      if (units.substr(i).starts_with(kStages[stage])) out.set(stage);
    }
  }
  return out;
}

const StageSet& CaseStages() {
  static const StageSet stages = ~StageSet() >> (kStageBits - kCaseStages);
  return stages;
}

bool IsUpdate(std::u16string_view folded) {
  for (size_t i = 0; i < folded.size(); ++i) {
    if (!IsBracket(folded[i])) continue;
    const bool closing = folded[i] == u')' || folded[i] == u']';
    if (!closing && folded.substr(i + 1).starts_with(u"종합")) return true;
    if (!closing) continue;
    const std::u16string_view inside = folded.substr(0, i);
    if (inside.ends_with(u"종합") || inside.ends_with(u"상보")) return true;
    const bool numbered = inside.size() >= 2 && inside.back() == u'보' &&
                          inside[inside.size() - 2] >= u'0' && inside[inside.size() - 2] <= u'9';
    if (numbered) return true;
  }
  return false;
}

}  // namespace wonbon
