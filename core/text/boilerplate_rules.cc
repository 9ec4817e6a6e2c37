#include "core/text/boilerplate_rules.h"

namespace wonbon {
namespace {

// Parts of patterns. Names of people: two to four syllables.
#define WONBON_ROLE \
  "(?:(?:인턴|수습|선임|전문|객원|대학생)?기자|특파원|통신원|리포터|논설위원)"
#define WONBON_EMAIL "[a-z0-9._%+-]+@(?:[a-z0-9-]+\\.)*[a-z0-9-]*"
// Where a new part of the text begins: after a line break or the end of a sentence.
#define WONBON_START "(?:\\A|[\\n.!?\"'”’)\\]>》】…])"
// Agencies and the endings of outlets' names.
#define WONBON_OUTLET                                                                            \
  "(?:연합뉴스(?:tv)?|뉴시스|뉴스1|news1|뉴스핌|[가-힣a-z0-9]{0,8}(?:일보|신문|뉴스|경제|경제tv" \
  "|데일리|타임스|타임즈|투데이|tv|방송|저널|닷컴|미디어|헤럴드|통신)|한겨레|프레시안|더팩트"  \
  "|kbs|mbc|sbs|ytn|jtbc|mbn|ebs|obs)"
#define WONBON_PHOTO "(?:사진|자료사진|자료|그래픽|일러스트|영상|이미지|출처|촬영|photo)"

constexpr BoilerplateRule kRules[] = {
    // Heads.
    {"board_head", RulePlace::kHead, "(?s:.{0,150}?)페이지정보(?s:.{0,100}?)본문\\n?"},
    {"dateline", RulePlace::kHead,
     "[(\\[【<][^\\n=()\\[\\]【】<>]{1,20}=[^\\n=()\\[\\]【】<>]{1,20}[)\\]】>]"
     "(?:(?:[가-힣]{2,4}[·,])*[가-힣]{2,4}" WONBON_ROLE "[·,]?)*=?\\n?"},
    {"outlet_head", RulePlace::kHead, "[(\\[【<]" WONBON_OUTLET "[)\\]】>]\\n?"},
    {"byline_head", RulePlace::kHead,
     "(?:[가-힣]{2,4}[·,])*[가-힣]{2,4}" WONBON_ROLE "(?:=|\\n|\\(?" WONBON_EMAIL "\\)?[=\\n])"},
    {"time_head", RulePlace::kHead,
     "(?:기사)?(?:입력|등록|승인|송고)[:|]?[0-9.\\-/:년월일오전후시분()]{8,30}"
     "(?:[|,]?(?:최종)?(?:수정|업데이트)[:|]?[0-9.\\-/:년월일오전후시분()]{8,30})?\\n?"},
    {"first_published", RulePlace::kHead,
     "이기사는[^.\\n]{0,60}(?:표출|게재|출고|보도|공개)(?:됐|되었|된)[^.\\n]{0,10}\\.?\\n?"},

    // Tails.
    {"byline", RulePlace::kTail,
     WONBON_START "((?:[/=]?(?:[가-힣]{2,4}[·,])*[가-힣]{2,4}" WONBON_ROLE "[=:]?\\(?(?:" WONBON_EMAIL
                  ")?\\)?[·,/\\n]?)+)"},
    {"email", RulePlace::kTail,
     WONBON_START "((?:[가-힣]{2,4}[=:]?)?[(\\[<]?" WONBON_EMAIL "[)\\]>]?\\.?)"},
    {"copyright", RulePlace::kTail,
     "([(\\[<]?(?:저작권자|copyrights?|©|\\(c\\))[^\\n]{0,80}"
     "(?:금지|불허|reserved|금합니다)\\.?[>\\])]*)"},
    {"no_reuse", RulePlace::kTail,
     WONBON_START "([),]*(?:[^\\n.]{0,20})(?:무단(?:전재|복제|배포)|재판매및db)[^\\n]{0,30}금지"
                  "[>\\])]*)"},
    {"url", RulePlace::kTail, "(https?://[!-~]{3,300})"},
    {"promotion", RulePlace::kTail,
     "([▶▷☞★►※■◆][^\\n▶▷☞★►※■◆]{0,60}(?:구독|바로가기|제보|채널추가|채널을추가|보러가기|만나보세요"
     "|만나세요|핫뉴스|뉴스스탠드|더많은기사|기사보기|기사모음|okjebo|검색,|http)"
     "[^\\n▶▷☞★►※■◆]{0,60})"},
    {"tips", RulePlace::kTail,
     WONBON_START "([^\\n.]{0,30}여러분의제보(?:를기다|로함께)[^\\n]{0,80})"},
    {"tip_line", RulePlace::kTail,
     WONBON_START "([^\\n.▶]{0,15}제보(?:는|및|:|하기)[^\\n.]{0,40})"},
    {"contact", RulePlace::kTail,
     WONBON_START "([▷▶·\\-]?\\[?(?:카카오톡|카톡|전화|메일|이메일|e-?mail|홈페이지|사이트)\\]?"
                  "[:=]?(?:[0-9,()~-]{7,20}|" WONBON_EMAIL
                  "|https?://[!-~]{3,80}|[^\\n.]{0,20}채널추가|@[^\\n.]{2,20}))"},
    {"subscribe", RulePlace::kTail,
     WONBON_START "([^\\n.]{0,15}네이버[^\\n.]{0,25}(?:구독하기|구독해주세요|만나세요|만나보세요)"
                  "[^\\n.]{0,30})"},
    {"board_tail", RulePlace::kTail,
     "((?:댓글목록\\n?)?등록된댓글이없습니다\\.?|\\n댓글목록|\\n목록|\\n(?:이전글|다음글)[^\\n]{0,60}"
     "|\\n추천[0-9]*)"},
    {"hot_news", RulePlace::kTail, "(\\[[^\\]\\n]{0,20}핫뉴스\\][^\\n]{0,300})"},
    {"credit_tail", RulePlace::kTail,
     WONBON_START "([(\\[/]?" WONBON_PHOTO "(?:제공)?[=:/][^\\n.]{2,20})"},
    {"agency_tail", RulePlace::kTail, WONBON_START "(/" WONBON_OUTLET "(?:제공)?)"},
    {"promotion_chain", RulePlace::kTailAfter, "([▶▷☞★►][^\\n▶▷☞★►]{1,60})"},

    // Brackets.
    {"photo_credit", RulePlace::kBracket,
     "[(\\[《<【]" WONBON_PHOTO "(?:제공|출처|캡처|캡쳐)?[=:/ⓒ©][^\\n]{1,30}[)\\]》>】](?:\\*재판매및db금지)?"},
    {"agency_credit", RulePlace::kBracket,
     "[(\\[《<【]" WONBON_OUTLET "(?:자료사진|제공|자료|캡처|.?재판매및db금지)+[)\\]》>】]"},
    {"resale", RulePlace::kBracket, "[(\\[《<【][^\\n]{2,30}재판매및db금지[)\\]》>】]"},
    {"speaker", RulePlace::kBracket,
     "[(\\[《<【◀](?:앵커|기자|리포트|리포터|앵커멘트|기자멘트|인터뷰)[)\\]》>】▶]"},
    {"byline_bracket", RulePlace::kBracket,
     "[(\\[《<【](?:" WONBON_OUTLET "[=·]?)(?:[가-힣]{2,4}[·,])*[가-힣]{2,4}" WONBON_ROLE
     "[)\\]》>】]=?"},
    {"dateline_inside", RulePlace::kBracket,
     "[(\\[《<【][^\\n=]{1,20}=" WONBON_OUTLET "[)\\]》>】]"
     "(?:(?:(?:[가-힣]{2,4}[·,])*[가-힣]{2,4}" WONBON_ROLE "[·,]?)+=)?"},

    // Lines.
    {"credit_line", RulePlace::kLine, "/?" WONBON_PHOTO "(?:제공)?[=/:].{2,24}"},
    {"agency_line", RulePlace::kLine, "/?(?:" WONBON_OUTLET "|[가-힣]{2,4}기자)"},
    {"read_more", RulePlace::kLine, "☞?기사보기☜?|<다른회차보기>|관련기사|동영상뉴스|클릭하여크게보기"},
};

}  // namespace

absl::Span<const BoilerplateRule> BoilerplateRules() { return kRules; }

}  // namespace wonbon
