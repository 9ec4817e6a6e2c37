// The part of a url that names the server: one spelling for each site.
//
// Pure function, thread-safe.
#pragma once

#include <string>
#include <string_view>

namespace wonbon {

// `authority`: what stands between "//" and the path, "user@host:port". Gone: the user, "www.",
// "m.", "mobile." and "amp." in front of a site's name, ports 80 and 443, the dot at the end.
// Lower case, Punycode. "" where there is no host.
std::string FoldHost(std::string_view authority);

}  // namespace wonbon
