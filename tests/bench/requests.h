// Requests of articles, for the programs of this folder.
#pragma once

#include <string>
#include <vector>

#include "core/document.h"
#include "tests/bench/load.h"
#include "wonbon/v1/document.pb.h"

namespace wonbon::bench {

// The articles of a file; the bodies of so many are joined to one.
std::vector<Document> ReadArticles(const char* path, size_t of_a_body);

// The nth document that is submitted: the articles in their order, over and over, each time with
// another id.
v1::Document Submitted(const std::vector<Document>& articles, size_t n);

// What to ask in the nth call of GetDocument, Check, Submit, or SubmitBatch (of `of_a_batch`
// documents): the articles in their order, over and over (Submitted). `articles` must outlive it.
Load::Request Requests(const std::string& method, const std::vector<Document>& articles,
                       size_t of_a_batch = 1);

}  // namespace wonbon::bench
