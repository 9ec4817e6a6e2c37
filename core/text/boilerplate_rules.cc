#include "core/text/boilerplate_rules.h"

namespace wonbon {
namespace {

// Parts of patterns.
#define WONBON_NAME "[가-힣]{2,4}"
#define WONBON_ROLE \
  "(?:(?:인턴|수습|선임|전문|객원|대학생|영상|사진|시민|온라인)?기자|특파원|통신원|리포터" \
  "|논설위원|디자이너)"
#define WONBON_NAMES "(?:" WONBON_NAME "[·,])*" WONBON_NAME
// Several names of one or more outlets, up to the "=" of a dateline.
#define WONBON_BYLINES "(?:[가-힣·,]+" WONBON_ROLE "[·,]?)+"
// The name starts with a letter: digits before it belong to a date.
#define WONBON_EMAIL "[a-z][a-z0-9_+-]*(?:\\.[a-z][a-z0-9_+-]*)*@(?:[a-z0-9-]+\\.)*[a-z0-9-]*"
#define WONBON_DOMAIN "(?:www\\.)?[a-z0-9-]+\\.(?:com|co\\.kr|net|kr)"
// Where a new part of the text begins: after a line break or the end of a sentence, ...
#define WONBON_START "(?:\\A|[\\n.!?\"'”’)\\]>》】…])"
// ... and what such a part is made of.
#define WONBON_PART "[^\\n.!?\"”…▶▷]*"
#define WONBON_PART_START "(?:\\A|[\\n.!?\"”)\\]>》】…])"
// Agencies that many outlets credit, and what names of outlets end in.
#define WONBON_AGENCY "(?:연합뉴스(?:tv)?|뉴시스|뉴스1|news1|뉴스핌)"
#define WONBON_OUTLET \
  "(?:" WONBON_AGENCY \
  "|[가-힣a-z0-9]*(?:일보|신문|뉴스|경제|경제tv|데일리|타임스|타임즈|투데이|tv|방송|저널|닷컴" \
  "|미디어|헤럴드|통신|스포츠)|한겨레|프레시안|더팩트|kbs|mbc|sbs|ytn|jtbc|mbn|ebs|obs|채널a)"
#define WONBON_PHOTO "(?:사진|자료사진|자료|그래픽|일러스트|영상|이미지|출처|화면출처|촬영|photo)"
#define WONBON_OPEN "[(\\[《<【◀]"
#define WONBON_CLOSE "[)\\]》>】▶]"
#define WONBON_INSIDE "[^\\n=()\\[\\]【】<>《》]"
#define WONBON_TIME \
  "(?:기사)?(?:입력|등록|승인|송고)(?:시간)?[:|]?[0-9.\\-/:년월일오전후시분()]+" \
  "(?:[|,]?(?:최종)?(?:수정|업데이트)(?:시간)?[:|]?[0-9.\\-/:년월일오전후시분()]+)?"
#define WONBON_COPYRIGHT "(?:(?:저작권자|copyrights?)[:]?(?:©|\\(c\\))?|©|\\(c\\))"
#define WONBON_FORBIDDEN "(?:금지|불허|reserved|금합니다)"
// What a reader who has not paid is told: sentences that ask for an account, ...
#define WONBON_PAYWALL \
  "(?:(?:이|본|해당|위)(?:기사|콘텐츠|컨텐츠|글|뉴스)(?:는|의|를)" WONBON_PART \
  "(?:유료|구독|회원|프리미엄|로그인|결제)" WONBON_PART \
  "|(?:기사)?(?:전문|전체(?:내용|기사)?|나머지(?:내용|기사)?)(?:은|는|을|를)" WONBON_PART \
  "(?:유료|구독|회원|프리미엄|로그인|결제)" WONBON_PART \
  "|(?:유료|구독자|회원|프리미엄)(?:회원|구독자)?전용(?:기사|콘텐츠|서비스)?(?:입니다)?" \
  "|" WONBON_PART "(?:기사|콘텐츠|뉴스|전문|전체|계속|끝까지|이어서)" WONBON_PART \
  "(?:읽으|보)(?:시)?려면" WONBON_PART \
  "(?:로그인|구독|가입|결제)" WONBON_PART \
  "|로그인(?:후|하시면|하신뒤|하신후|하면)" WONBON_PART "(?:이용|보실|읽으실|볼|읽을)" WONBON_PART ")"
// ... and what follows them.
#define WONBON_PAYWALL_MORE \
  "(?:" WONBON_PART "(?:구독|회원|로그인|가입|결제|무료|문의|고객센터|이용권|첫달|읽으실|보실)" \
  WONBON_PART ")"
// What stands for a player where none runs.
#define WONBON_PLAYER \
  "(?:(?:이|현재|사용중인|사용하시는)?(?:웹)?브라우저(?:는|가|에서는?)[^.\\n]*" \
  "(?:지원하지않|재생할수없|재생되지않)[^.\\n]*" \
  "|(?:동영상|영상|비디오|오디오)(?:을|를)(?:재생(?:할수없|하려면)|로드할수없|불러올수없|불러오는중)" \
  "[^.\\n]*" \
  "|(?:adobe)?flashplayer[^.\\n]*(?:설치|필요)[^.\\n]*" \
  "|(?:video|audio)playerisloading)\\.?"

constexpr BoilerplateRule kRules[] = {
    // Heads.
    {"dateline", RulePlace::kHead, 70,
     "[(\\[【<]" WONBON_INSIDE "+=" WONBON_INSIDE "+[)\\]】>]"
     "(?:" WONBON_BYLINES "=)?\\n?"},
    {"outlet_head", RulePlace::kHead, 24, "[(\\[【<]" WONBON_OUTLET "[)\\]】>]\\n?"},
    {"tag_head", RulePlace::kHead, 12,
     "[(\\[【<](?:속보|긴급|상보|종합|(?:종합)?[0-9]보)[)\\]】>]\\n?"},
    {"byline_head", RulePlace::kHead, 60,
     WONBON_NAMES WONBON_ROLE "(?:=|\\n|\\(?" WONBON_EMAIL "\\)?[=\\n])"},
    {"time_head", RulePlace::kHead, 90, WONBON_TIME "\\n?"},
    {"first_published", RulePlace::kHead, 90,
     "이기사는[^.\\n]*(?:표출|게재|출고|보도|공개)(?:됐|되었|된)[^.\\n]*\\.?\\n?"},
    {"player_head", RulePlace::kHead, 80, WONBON_PLAYER "\\n?"},

    // Tails.
    {"byline", RulePlace::kTail, 60,
     WONBON_START "([/=]?(?:글·?사진[:=]?)?(?:[가-힣]{2,3}=)?(?:" WONBON_OUTLET
                  "|[가-힣]+본부)?" WONBON_NAMES "(?:" WONBON_OUTLET ")?" WONBON_ROLE
                  "[=:]?\\(?(?:" WONBON_EMAIL "|=[가-힣]{2,3})?\\)?)"},
    {"byline_after_email", RulePlace::kTail, 60, "(" WONBON_EMAIL WONBON_NAMES WONBON_ROLE ")"},
    {"byline_bracket_tail", RulePlace::kTail, 50,
     "([\\[(<](?:" WONBON_OUTLET "[=·]?)?" WONBON_NAMES "(?:" WONBON_OUTLET ")?" WONBON_ROLE
     "(?:" WONBON_EMAIL ")?[\\])>])"},
    {"named_email", RulePlace::kTail, 60,
     WONBON_START "(" WONBON_NAME "[(\\[<]" WONBON_EMAIL "[)\\]>])"},
    {"email", RulePlace::kTail, 60, "([(\\[<]?" WONBON_EMAIL "[)\\]>]?)"},
    {"agency_tail", RulePlace::kTail, 20, "(/(?:연합뉴스|뉴시스|뉴스1)[a-z0-9]*)"},
    {"copyright", RulePlace::kTail, 120,
     "([(\\[<]?" WONBON_COPYRIGHT "[^\\n©▶]*" WONBON_FORBIDDEN
     "(?:\\([^\\n()]*(?:\\([^\\n()]*\\)[^\\n()]*)?\\))?[.>\\])]*)"},
    {"no_reuse", RulePlace::kTail, 60,
     WONBON_PART_START "([),]*" WONBON_PART
                       "(?:무단(?:전재|복제|배포)|재판매및db)[^\\n]*금지[.>\\])]*)"},
    {"copyright_name", RulePlace::kTail, 40, "([(\\[<]?" WONBON_COPYRIGHT WONBON_PART "[>\\])]?)"},
    {"url", RulePlace::kTail, 400, "(https?://[!-~]+)"},
    {"domain", RulePlace::kTail, 30, "[\\n.\\])>](" WONBON_DOMAIN ")"},
    {"tip_call", RulePlace::kTail, 30,
     "([\\[【(<]?(?:사진|영상|동영상)(?:[·,/]?(?:사진|영상|동영상))?제보(?:를)?(?:받습니다|기다립니다)"
     "[\\]】)>]?\\.?)"},
    {"promotion", RulePlace::kTail, 90,
     "([▶▷☞★►※■◆·][^\\n▶▷☞★►※■◆]*(?:구독|바로가기|받아보기|제보|채널추가|채널을추가|보러가기"
     "|만나보세요|만나세요|핫뉴스|뉴스스탠드|더많은기사|기사보기|기사모음|okjebo|페이스북|트위터"
     "|모바일|공감언론|http)[^\\n▶▷☞★►※■◆]*)"},
    {"promotion_bracket", RulePlace::kTail, 80,
     "(\\[[^\\[\\]\\n]*(?:바로가기|받아보기|구독|채널추가|페이스북|트위터)[^\\[\\]\\n]*\\])"},
    {"promotion_line", RulePlace::kTail, 40,
     WONBON_PART_START "(-?" WONBON_PART "(?:바로가기|더보기|구독하기|받아보기))"},
    {"tips", RulePlace::kTail, 150,
     "(?:\\A|[\\n.!?\"”)\\]>》】…])([※■]?" WONBON_PART
     "(?:여러분|당신)의(?:소중한)?제보(?:를기다|로함께|가뉴스)"
     "[^\\n▶]*)"},
    {"tip_line", RulePlace::kTail, 60,
     WONBON_PART_START "(" WONBON_PART "(?:제보(?:는|및|:|하기)|기사문의)[^\\n.]*)"},
    {"paywall", RulePlace::kNotice, 250,
     WONBON_PART_START "([※▶\\[(<【]?" WONBON_PAYWALL "(?:[.!\\n]+" WONBON_PAYWALL_MORE
                       ")*[.!\\])>】]?)"},
    {"player_tail", RulePlace::kNotice, 80, WONBON_PART_START "(" WONBON_PLAYER ")"},
    {"contact", RulePlace::kTail, 60,
     "((?:\\n|[▷▶·\\-\\[.])(?:카카오톡|카톡|전화|메일|이메일|e-?mail|홈페이지|사이트)\\]?"
     "[:=]?(?:[0-9,()~-]+|" WONBON_EMAIL
     "|https?://[!-~]+|[^\\n.▷▶]*채널추가|'?@[a-z0-9가-힣]+'?(?:검색)?)?)"},
    {"subscribe", RulePlace::kTail, 80,
     WONBON_PART_START "(" WONBON_PART "네이버" WONBON_PART
                       "(?:구독하기|구독해주세요|만나세요|만나보세요|확인하세요)[^\\n▶▷]*)"},
    {"newsletter", RulePlace::kTail, 60,
     WONBON_PART_START "(" WONBON_PART "(?:뉴스레터|채널)(?:구독|구독하기|추가하기))"},
    {"board_tail", RulePlace::kTail, 80,
     "((?:댓글목록\\n?)?등록된댓글이없습니다\\.?|\\n댓글목록|\\n목록|\\n(?:이전글|다음글)[^\\n]*"
     "|\\n추천[0-9]*)"},
    {"hot_news", RulePlace::kTail, 400, "(\\[[^\\[\\]\\n]*핫뉴스\\][^\\n]*)"},
    {"credit_tail", RulePlace::kTail, 30,
     WONBON_PART_START "([(\\[/]?" WONBON_PHOTO "(?:제공)?[=:/][^\\n.]+)"},
    {"sign_off", RulePlace::kTail, 24,
     WONBON_START "((?:[가-힣]{2,5}에서)?" WONBON_OUTLET WONBON_NAME
                  "(?:이었습니다|였습니다|입니다)\\.?)"},
    {"staff", RulePlace::kTail, 70,
     WONBON_PART_START "([(<\\[]?(?:영상취재|영상편집|촬영기자|촬영|영상|자료조사|그래픽|편집|취재"
                       "|구성|디자인|진행|연출)[:=/\\x{1175}]" WONBON_PART ")"},
    {"hashtags", RulePlace::kTail, 150, WONBON_START "(#[^\\n#.]+#[^\\n.]+)"},
    {"promotion_chain", RulePlace::kTailAfter, 70, "([▶▷☞★►][^\\n▶▷☞★►]+)"},

    // From a mark on.
    {"photo_credit", RulePlace::kMark, 50,
     WONBON_OPEN WONBON_PHOTO "(?:제공|출처|캡처|캡쳐)?[=:/©]" WONBON_INSIDE "+" WONBON_CLOSE},
    {"agency_credit", RulePlace::kMark, 50,
     WONBON_OPEN WONBON_OUTLET "(?:자료사진|제공|자료|캡처)" WONBON_CLOSE},
    {"wire_credit", RulePlace::kMark, 30,
     WONBON_OPEN "(?:[가-힣a-z]+/)?(?:ap|afp|epa|로이터|신화)?[/=]?" WONBON_AGENCY WONBON_CLOSE},
    {"resale", RulePlace::kMark, 60, WONBON_OPEN WONBON_INSIDE "*재판매및db금지" WONBON_CLOSE},
    {"resale_star", RulePlace::kMark, 20, "\\*재판매및db금지"},
    {"speaker", RulePlace::kMark, 12,
     "[\\[《<【◀](?:앵커|기자|리포트|리포터|앵커멘트|기자멘트|인터뷰)[\\]》>】▶]"},
    {"byline_bracket", RulePlace::kMark, 40,
     WONBON_OPEN WONBON_OUTLET "[=·\\x{1175}|]?" WONBON_NAMES WONBON_ROLE WONBON_CLOSE "=?"},
    {"byline_bracket_after", RulePlace::kMark, 40,
     "[\\[【<]" WONBON_NAMES WONBON_OUTLET WONBON_ROLE "[\\]】>]=?"},
    {"dateline_inside", RulePlace::kMark, 60,
     WONBON_OPEN WONBON_INSIDE "+=" WONBON_OUTLET WONBON_CLOSE "(?:" WONBON_BYLINES "=)?"},
    {"copyright_bracket", RulePlace::kMark, 110,
     "[(\\[<]" WONBON_COPYRIGHT "[^\\n()\\[\\]<>]*" WONBON_FORBIDDEN "\\.?[)\\]>]"},
    {"copyright_sign", RulePlace::kMark, 24, "©" WONBON_AGENCY "(?:" WONBON_NAME WONBON_ROLE ")?"},
    {"agency_slash", RulePlace::kMark, 16, "/(?:연합뉴스|뉴시스|뉴스1)(?:제공)?"},
    {"credit_slash", RulePlace::kMark, 30,
     "(/(?:" WONBON_OUTLET "(?:db)?|" WONBON_NAME "(?:영상미디어)?기자"
     "|[가-힣a-z0-9]+(?:제공|캡처|캡쳐))\\.?)(?:\\n|\\z)"},

    // Lines.
    {"credit_line", RulePlace::kLine, 40, "/?" WONBON_PHOTO "(?:제공)?[=/:].+"},
    {"stock_caption", RulePlace::kLine, 60,
     "[^.\\n]*(?:로고|전경|관련이미지|자료사진|청사)\\.?[/(][^\\n.]+(?:\\*재판매및db금지)?"},
    {"agency_line", RulePlace::kLine, 16, "/?" WONBON_AGENCY},
    {"time_line", RulePlace::kLine, 90, WONBON_TIME},
    {"player", RulePlace::kLine, 80, WONBON_PLAYER},
    {"player_button", RulePlace::kLine, 24,
     "(?:동영상|영상|비디오|오디오)?재생(?:하기)?|일시정지|음소거|전체화면|00:00(?:/[0-9:]+)?"
     "|(?:기사)?(?:음성으로)?(?:기사)?듣기|글(?:씨|자)크기(?:조절|변경)(?:하기)?|videoplayer"},
    {"read_more", RulePlace::kLine, 20,
     "☞?기사보기☜?|<다른회차보기>|관련기사|동영상뉴스|클릭하여크게보기"},
};

}  // namespace

absl::Span<const BoilerplateRule> BoilerplateRules() { return kRules; }

}  // namespace wonbon
