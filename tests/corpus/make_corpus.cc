// Writes a corpus as JSON lines for `wonbon import`.
//
// usage: make_corpus [--seed=1] [--stories=100] [--copies=4] [--kinds=exact,nfd,...] [--notices=0]
//                    [--dispatches=0] [--flashes=0] [--item-lists=0] [--prefix=doc]
//                    [--in-order]
// --copies=0 makes one document of every kind from each story.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "tests/corpus/corpus.h"

namespace {

[[noreturn]] void Fail(const std::string& message) {
  std::fprintf(stderr, "make_corpus: %s\n", message.c_str());
  std::exit(2);
}

// The value of --name=value.
bool Flag(std::string_view argument, std::string_view name, std::string* value) {
  if (argument.substr(0, name.size()) != name || argument.size() <= name.size() ||
      argument[name.size()] != '=') {
    return false;
  }
  *value = argument.substr(name.size() + 1);
  return true;
}

uint64_t Number(const std::string& text) {
  char* end = nullptr;
  const uint64_t value = std::strtoull(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0') Fail("not a number: " + text);
  return value;
}

std::vector<wonbon::corpus::Kind> Kinds(const std::string& names) {
  std::vector<wonbon::corpus::Kind> kinds;
  for (size_t begin = 0; begin <= names.size();) {
    const size_t end = std::min(names.find(',', begin), names.size());
    const std::string name = names.substr(begin, end - begin);
    const auto kind = wonbon::corpus::KindNamed(name);
    const bool has_base = kind && *kind != wonbon::corpus::Kind::kOriginal &&
                          *kind < wonbon::corpus::Kind::kNotice;
    if (!has_base) Fail("no kind with a base: " + name);
    kinds.push_back(*kind);
    begin = end + 1;
  }
  return kinds;
}

}  // namespace

int main(int argc, char** argv) {
  wonbon::corpus::Options options;
  for (int i = 1; i < argc; ++i) {
    std::string value;
    if (Flag(argv[i], "--seed", &value))
      options.seed = Number(value);
    else if (Flag(argv[i], "--stories", &value))
      options.stories = Number(value);
    else if (Flag(argv[i], "--copies", &value))
      options.copies = Number(value);
    else if (Flag(argv[i], "--kinds", &value))
      options.kinds = Kinds(value);
    else if (Flag(argv[i], "--notices", &value))
      options.notices = Number(value);
    else if (Flag(argv[i], "--dispatches", &value))
      options.dispatches = Number(value);
    else if (Flag(argv[i], "--flashes", &value))
      options.flashes = Number(value);
    else if (Flag(argv[i], "--item-lists", &value))
      options.item_lists = Number(value);
    else if (Flag(argv[i], "--prefix", &value))
      options.id_prefix = value;
    else if (std::strcmp(argv[i], "--in-order") == 0)
      options.shuffle = false;
    else
      Fail(std::string("unknown argument ") + argv[i]);
  }
  for (const wonbon::corpus::Item& item : wonbon::corpus::MakeCorpus(options)) {
    std::puts(wonbon::corpus::ToJsonLine(item).c_str());
  }
  return 0;
}
