// Writes what the profiles of deploy/ghz send: unary.json, batch.json and stream.json, each an
// array of requests in protobuf's JSON, all documents with ids of their own.
//
// usage: make_payloads FOLDER
//
// ghz takes the requests of unary.json and batch.json in turn, one a call, and starts again at the
// end; one call of SubmitStream sends all of stream.json.
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "tests/corpus/corpus.h"

namespace {

using wonbon::Document;
using wonbon::corpus::Item;
using wonbon::corpus::Quoted;

constexpr size_t kUnaryStories = 2'000;  // 10,000 documents
constexpr size_t kBatchStories = 2'560;  // 200 batches of 64
constexpr size_t kStreamStories = 64;    // 16 single documents and 19 batches of 16
constexpr size_t kBatchDocuments = 64;
constexpr size_t kStreamSingles = 16;
constexpr size_t kStreamBatchDocuments = 16;

// Articles as sites reprint them: four copies of each, a fifth of all documents new.
std::vector<Item> Articles(const char* prefix, size_t stories, uint64_t seed) {
  wonbon::corpus::Options options;
  options.seed = seed;
  options.stories = stories;
  options.copies = 4;
  options.id_prefix = prefix;
  return wonbon::corpus::MakeCorpus(options);
}

std::string Json(const Document& document) {
  const std::string published =
      absl::FormatTime("%Y-%m-%d%ET%H:%M:%SZ", *document.published_at, absl::UTCTimeZone());
  return "{\"id\":" + Quoted(document.id) + ",\"title\":" + Quoted(document.title) +
         ",\"body\":" + Quoted(document.body) + ",\"publisher\":" + Quoted(document.publisher) +
         ",\"url\":" + Quoted(document.url) + ",\"published_at\":" + Quoted(published) + "}";
}

std::string Single(const Item& item) { return "{\"document\":" + Json(item.document) + "}"; }

std::string Batch(const std::vector<Item>& items, size_t begin, size_t size) {
  std::string out = "{\"documents\":[";
  for (size_t i = begin; i < begin + size; ++i) {
    out += (i > begin ? "," : "") + Json(items[i].document);
  }
  return out + "]}";
}

void Write(const std::string& path, const std::vector<std::string>& requests) {
  std::FILE* file = std::fopen(path.c_str(), "wb");
  bool written = file != nullptr && std::fputs("[", file) >= 0;
  for (size_t i = 0; written && i < requests.size(); ++i) {
    written =
        std::fputs(i > 0 ? ",\n" : "", file) >= 0 && std::fputs(requests[i].c_str(), file) >= 0;
  }
  written = written && std::fputs("]\n", file) >= 0;
  if (file == nullptr || std::fclose(file) != 0 || !written) {
    std::perror(path.c_str());
    std::exit(1);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_payloads FOLDER\n", stderr);
    return 2;
  }
  const std::string folder = argv[1];

  std::vector<std::string> unary;
  for (const Item& item : Articles("unary", kUnaryStories, 1)) unary.push_back(Single(item));
  Write(folder + "/unary.json", unary);

  std::vector<std::string> batches;
  const std::vector<Item> batched = Articles("batch", kBatchStories, 2);
  for (size_t i = 0; i + kBatchDocuments <= batched.size(); i += kBatchDocuments) {
    batches.push_back(Batch(batched, i, kBatchDocuments));
  }
  Write(folder + "/batch.json", batches);

  std::vector<std::string> stream;
  const std::vector<Item> streamed = Articles("stream", kStreamStories, 3);
  for (size_t i = 0; i < kStreamSingles; ++i) {
    stream.push_back("{\"document\":" + Single(streamed[i]) + "}");
  }
  for (size_t i = kStreamSingles; i + kStreamBatchDocuments <= streamed.size();
       i += kStreamBatchDocuments) {
    stream.push_back("{\"batch\":" + Batch(streamed, i, kStreamBatchDocuments) + "}");
  }
  Write(folder + "/stream.json", stream);
  return 0;
}
