// The comments of readers that a page prints behind its article. They say anything, so that no
// pattern tells them from the article: they are known by their form. Pure function, thread-safe.
#pragma once

#include <cstddef>
#include <string_view>

namespace wonbon {

// Where the list of comments at the end of a folded text begins; its size where there is none.
//
// A list is a line of its own that heads comments ("댓글 3", "전체 댓글"), then nothing but buttons
// ("답글 0", "공감 3 비공감 1"), names, and comments: a few lines below a line with a name and a time.
// A finished statement ("...했다.") that stands elsewhere is the article's, and what it stands in is
// no list. Without line breaks nothing is known for a comment.
size_t FindCommentList(std::u16string_view folded);

}  // namespace wonbon
