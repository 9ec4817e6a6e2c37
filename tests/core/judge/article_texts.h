// Texts of two articles of our own, and parts of them.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace wonbon {

inline constexpr std::string_view kBridgeTitle = "한강시, 낡은 다리 세 곳 내년까지 새로 놓는다";
inline constexpr std::string_view kBridgeBody =
    "한강시가 지은 지 마흔 해가 넘은 다리 세 곳을 헐고 새로 놓기로 했다.\n"
    "시는 12일 시청에서 설명회를 열고 은빛교와 솔내교, 물레교를 내년 10월까지 다시 짓는 데 "
    "모두 1,280억원을 들이겠다고 밝혔다. 은빛교에 540억원, 솔내교에 430억원, 물레교에 310억원이 "
    "들어간다.\n"
    "세 다리는 지난해 안전진단에서 나란히 낮은 등급을 받았다. 시는 올해 3월부터 무게 24톤이 넘는 "
    "차량의 통행을 막아 왔으며, 하루 평균 4만7천대가 다른 길로 돌아가고 있다.\n"
    "홍가람 한강시장은 \"출퇴근길 불편을 줄이기 위해 임시 다리를 먼저 놓고 공사를 시작하겠다\"며 "
    "\"주민 설명회를 다섯 차례 더 열어 의견을 듣겠다\"고 말했다.\n"
    "강변 상인들은 공사 동안 손님이 줄어들 것을 걱정한다. 솔내교 앞에서 국숫집을 하는 윤다온 씨는 "
    "\"길이 막히면 점심 장사는 접어야 한다\"며 \"보상 계획부터 내놓아야 한다\"고 했다.\n"
    "시는 공사 기간에 세금을 깎아 주고 임시 주차장 두 곳을 마련하는 방안을 살피고 있다.";

inline constexpr std::string_view kOrchardTitle = "늦서리에 배꽃 얼어… 들녘군 과수원 절반 피해";
inline constexpr std::string_view kOrchardBody =
    "들녘군의 배 과수원 가운데 절반이 넘는 곳이 이달 초 내린 늦서리로 꽃눈이 얼었다.\n"
    "군 농업기술센터는 과수원 620곳을 돌아본 결과 340곳에서 꽃눈의 3분의 1 이상이 갈변했다고 9일 "
    "밝혔다. "
    "서리가 내린 날 새벽 기온은 영하 2.8도까지 떨어졌다.\n"
    "농민들은 인공 수분을 서두르고 있지만 꽃가루를 구하지 못해 애를 태운다. 과수원을 서른 해 가꾼 "
    "도라온 씨는 \"이런 봄은 처음\"이라며 \"올해 수확은 반 토막이 날 것\"이라고 내다봤다.\n"
    "군은 예비비 15억원으로 꽃가루와 영양제를 나눠 주고, 재해보험에 들지 않은 농가도 돕기로 했다.";

// `text` with every `from` replaced by `to`.
inline std::string Replaced(std::string_view text, std::string_view from, std::string_view to) {
  std::string out(text);
  for (size_t at = out.find(from); at != std::string::npos; at = out.find(from, at + to.size())) {
    out.replace(at, from.size(), to);
  }
  return out;
}

// Lines `first` to `last` of a body, counted from 0.
inline std::string Lines(std::string_view body, int first, int last) {
  std::string out;
  for (int line = 0; !body.empty(); ++line) {
    const size_t end = std::min(body.find('\n'), body.size() - 1) + 1;
    if (line >= first && line <= last) out += body.substr(0, end);
    body.remove_prefix(end);
  }
  return out;
}

}  // namespace wonbon
