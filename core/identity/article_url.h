// url as submitted -> the one spelling of the article's address, or nothing where it names none.
//
// Pure functions, thread-safe. Linear in the length of the url, which kMaxUrlBytes bounds.
#pragma once

#include <string>
#include <string_view>

namespace wonbon {

// Spellings of one address give one result. Gone are: white space around it, "&amp;" for "&",
// scheme http or https, user, the hosts' "www.", "m.", "mobile.", "amp.", the default ports, case
// and final dot of the host; double slashes, "." and "..", slashes and "index.html" at the end of
// the path, what marks an AMP page ("/amp", "articleViewAmp.html", "amp=1"); the query's tracking
// parameters (tracking_parameters.h), empty parameters and order; the fragment. Escaped characters
// and plain ones, composed and decomposed Hangul, Unicode hosts and Punycode ones are the same.
// Kept: the rest of the query (article ids live there), the case of the path, other ports and
// schemes, and fragments that are a route ("#/news/7", "#!news/7").
//
// "" for what names no article: no url, no host, a site's front page or a section ("/", "/news/",
// "/articleList.html?page=2", "#/"). Articles are named by a number ("/news/7", "?idxno=7", "#/7")
// or by a slug ("/flood-warning-lifted-in-busan"). A key of such a url would make revisions of each
// other of all articles of a feed that fills it in.
std::string FoldArticleUrl(std::string_view url);

}  // namespace wonbon
