#include "core/identity/tracking_parameters.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "core/views.h"

namespace wonbon {
namespace {

// Every parameter that begins so.
constexpr std::string_view kPrefixes[] = {
    "fb_",      // Facebook
    "guce_",    // Yahoo consent
    "hsa_",     // HubSpot advertisements
    "matomo_",  // Matomo
    "mtm_",     // Matomo
    "piwik_",   // Matomo, before
    "pk_",      // Matomo, before
    "utm_",     // Google Analytics and nearly all others
};

constexpr std::string_view kNames[] = {
    // Clicks on advertisements.
    "dclid", "epik", "fbclid", "gad_source", "gbraid", "gclid", "gclsrc", "li_fat_id", "msclkid",
    "rb_clickid", "sccid", "srsltid", "ttclid", "twclid", "wbraid", "yclid", "ysclid",
    // Naver's and Kakao's.
    "n_ad", "n_ad_group", "n_ad_group_type", "n_campaign_type", "n_keyword", "n_keyword_id",
    "n_match", "n_media", "n_network", "n_query", "n_rank", "napm", "nv_ad", "kakao_from",
    "kakaotrack",
    // Shares and referrers.
    "__tn__", "__twitter_impression", "igsh", "igshid", "mibextid", "ref", "ref_src", "ref_url",
    "referer", "referrer", "share_from", "sharetype",
    // Newsletters and campaigns.
    "_hsenc", "_hsmi", "at_campaign", "at_medium", "campaign_id", "cmpid", "hsctatracking", "icid",
    "mc_cid", "mc_eid", "mkt_tok", "ncid", "ns_campaign", "ns_fee", "ns_linkname", "ns_mchannel",
    "ns_source", "oly_anon_id", "oly_enc_id", "trk", "trkcampaign", "vero_conv", "vero_id",
    "wt.mc_id", "xtor",
    // Measurement that follows a reader from page to page.
    "_ga", "_gl", "_openstat", "amp_gsa", "amp_js_v", "guccounter", "s_kwcid", "spm", "usqp",
    // Sessions.
    "jsessionid", "phpsessid", "sessionid",
};

}  // namespace

bool IsTrackingParameter(std::string_view name) {
  return std::any_of(std::begin(kPrefixes), std::end(kPrefixes),
                     [name](std::string_view prefix) {
                       return absl::StartsWithIgnoreCase(Absl(name), Absl(prefix));
                     }) ||
         std::any_of(std::begin(kNames), std::end(kNames), [name](std::string_view known) {
           return absl::EqualsIgnoreCase(Absl(name), Absl(known));
         });
}

}  // namespace wonbon
