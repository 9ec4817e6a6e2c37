// Which spellings of a url and of a publisher's name mean the same.
#pragma once

#include <string>
#include <string_view>

namespace wonbon {

// The url without what varies between spellings of one address. Gone: white space around it, the
// scheme where it is http or https, the case of scheme and host, a "www." or "m." in front of the
// host, the default port, slashes at the end of the path, the fragment. Kept: the whole query
// (article ids live there: "view.php?ud=2024"), the case of the path, and fragments that are a
// route ("#!/…", "#/…").
//
// "" for no url, and for one that names a site but no article ("https://www.example.kr/"): it would
// make revisions of each other of all articles of a feed that fills it in so.
std::string FoldUrl(std::string_view url);

// The name without its ASCII white space and case.
std::string FoldPublisher(std::string_view publisher);

}  // namespace wonbon
