// Requests of articles, for the programs of this folder.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"
#include "tests/bench/load.h"

namespace wonbon::bench {

// The articles of a file of article lines; the bodies of so many are joined to one.
std::vector<Document> ReadArticles(const char* path, size_t of_a_body = 1);

// What to ask in the nth call of GetDocument, Check, Submit, or SubmitBatch (of `of_a_batch`
// documents): the articles in their order, over and over. What is submitted again has another id
// then. `articles` must outlive it.
Load::Request Requests(const std::string& method, const std::vector<Document>& articles,
                       size_t of_a_batch = 1);

}  // namespace wonbon::bench
