// What canonicalisation does to real articles: the share of letters and digits that boilerplate
// rules take, by outlet, and the articles that lose most, for the eye; or how alike the canonical
// texts of form-only variants and their bases are.
//
//   text_report ARTICLES.jsonl [--top=N] [--cut=N]
//   text_report ARTICLES.jsonl --mutations=MUTATIONS.jsonl
//
// The first prints, for each of the N most-cut articles, what was cut (--cut: characters shown).
#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/text/boilerplate.h"
#include "core/text/canonical.h"
#include "core/text/fold.h"
#include "tests/eval/article_line.h"

namespace wonbon {
namespace {

struct Args {
  std::string articles;
  std::string mutations;
  size_t top = 40;
  size_t cut = 600;
};

std::string Utf8(std::u16string_view text) {
  std::string utf8;
  for (char16_t c : text) {
    if (c < 0x80) {
      utf8 += static_cast<char>(c);
    } else if (c < 0x800) {
      utf8 += static_cast<char>(0xC0 | c >> 6);
      utf8 += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0xD800 || c > 0xDFFF) {
      utf8 += static_cast<char>(0xE0 | c >> 12);
      utf8 += static_cast<char>(0x80 | (c >> 6 & 0x3F));
      utf8 += static_cast<char>(0x80 | (c & 0x3F));
    }
  }
  return utf8;
}

// Calls `read` for every line; false where the file cannot be read.
bool ForEachLine(const std::string& path,
                 const std::function<void(const simdjson::dom::element&)>& read) {
  simdjson::dom::parser parser;
  simdjson::dom::document_stream lines;
  if (parser.load_many(path, 16 << 20).get(lines) != simdjson::SUCCESS) {
    std::fprintf(stderr, "text_report: cannot read %s\n", path.c_str());
    return false;
  }
  for (auto line : lines) {
    simdjson::dom::element element;
    if (line.get(element) == simdjson::SUCCESS) read(element);
  }
  return true;
}

struct Removed {
  std::string id;
  std::string publisher;
  double share = 0;
  std::string cut;
};

size_t CountUnits(std::u16string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), IsUnit));
}

bool ReportRemoved(const Args& args) {
  struct Outlet {
    size_t documents = 0, units = 0, removed = 0;
  };
  std::map<std::string, Outlet> outlets;
  std::vector<Removed> all;
  double seconds = 0;
  const bool read = ForEachLine(args.articles, [&](const simdjson::dom::element& line) {
    const std::string body = Field(line, "body");
    const auto start = std::chrono::steady_clock::now();
    const CanonicalText canonical = Canonicalize(body, {});
    seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const FoldedText folded = Fold(body, false);
    const size_t units = CountUnits(folded.text);
    if (units == 0) return;
    const size_t removed = units - std::min(units, canonical.units.size());
    Outlet& outlet = outlets[Field(line, "publisher")];
    ++outlet.documents;
    outlet.units += units;
    outlet.removed += removed;
    std::string cut;
    for (const TextSpan& span : FindBoilerplate(folded.text)) {
      cut += "    {" + Utf8(folded.text.substr(span.begin, span.end - span.begin)) + "}\n";
    }
    all.push_back({Field(line, "id"), Field(line, "publisher"),
                   static_cast<double>(removed) / static_cast<double>(units), cut});
  });
  if (!read) return false;
  std::vector<std::pair<double, std::string>> order;
  for (const auto& [name, outlet] : outlets) {
    order.emplace_back(-static_cast<double>(outlet.removed) / static_cast<double>(outlet.units),
                       name);
  }
  std::sort(order.begin(), order.end());
  std::printf("removed %%  documents  outlet\n");
  for (const auto& [share, name] : order) {
    std::printf("%8.2f  %9zu  %s\n", -100 * share, outlets[name].documents, name.c_str());
  }
  std::sort(all.begin(), all.end(),
            [](const Removed& a, const Removed& b) { return a.share > b.share; });
  for (size_t i = 0; i < std::min(args.top, all.size()); ++i) {
    std::printf("%.2f %s %s\n%s\n", all[i].share, all[i].id.c_str(), all[i].publisher.c_str(),
                all[i].cut.substr(0, args.cut).c_str());
  }
  std::printf("%zu articles, %.1f us each\n", all.size(),
              1e6 * seconds / static_cast<double>(all.size()));
  return true;
}

std::unordered_set<std::u16string> Shingles(const std::u16string& units) {
  std::unordered_set<std::u16string> shingles;
  for (size_t i = 0; i + 5 <= units.size(); ++i) shingles.insert(units.substr(i, 5));
  return shingles;
}

double Jaccard(const std::unordered_set<std::u16string>& a,
               const std::unordered_set<std::u16string>& b) {
  size_t common = 0;
  for (const std::u16string& shingle : a) common += b.count(shingle);
  const size_t all = a.size() + b.size() - common;
  return all == 0 ? 1.0 : static_cast<double>(common) / static_cast<double>(all);
}

bool ReportMutations(const Args& args) {
  std::unordered_map<std::string, std::string> bodies;
  if (!ForEachLine(args.articles, [&](const simdjson::dom::element& line) {
        bodies[Field(line, "id")] = Field(line, "body");
      })) {
    return false;
  }
  std::map<std::string, std::vector<std::pair<double, std::string>>> kinds;
  const bool read = ForEachLine(args.mutations, [&](const simdjson::dom::element& line) {
    const auto base = bodies.find(Field(line, "base_id"));
    if (base == bodies.end()) return;
    const double jaccard = Jaccard(Shingles(Canonicalize(base->second, {}).units),
                                   Shingles(Canonicalize(Field(line, "body"), {}).units));
    kinds[Field(line, "kind")].emplace_back(jaccard, Field(line, "id"));
  });
  if (!read) return false;
  std::printf("%-18s %6s %6s %6s %6s  at 1.0  least alike\n", "kind", "min", "5 %", "median",
              "mean");
  for (auto& [kind, found] : kinds) {
    std::sort(found.begin(), found.end());
    double sum = 0;
    size_t ones = 0;
    for (const auto& [jaccard, id] : found) {
      sum += jaccard;
      ones += jaccard >= 0.9999;
    }
    std::printf("%-18s %6.3f %6.3f %6.3f %6.3f  %5.1f%%  %s %s %s\n", kind.c_str(), found[0].first,
                found[found.size() / 20].first, found[found.size() / 2].first,
                sum / static_cast<double>(found.size()),
                100.0 * static_cast<double>(ones) / static_cast<double>(found.size()),
                found[0].second.c_str(),
                found[std::min<size_t>(1, found.size() - 1)].second.c_str(),
                found[std::min<size_t>(2, found.size() - 1)].second.c_str());
  }
  return true;
}

int Main(int argc, char** argv) {
  Args args;
  for (int i = 1; i < argc; ++i) {
    const std::string arg = argv[i];
    if (arg.starts_with("--mutations=")) {
      args.mutations = arg.substr(12);
    } else if (arg.starts_with("--top=")) {
      args.top = std::strtoul(arg.c_str() + 6, nullptr, 10);
    } else if (arg.starts_with("--cut=")) {
      args.cut = std::strtoul(arg.c_str() + 6, nullptr, 10);
    } else {
      args.articles = arg;
    }
  }
  if (args.articles.empty()) {
    std::fprintf(stderr, "usage: text_report ARTICLES.jsonl [--mutations=FILE] [--top=N]\n");
    return 2;
  }
  return (args.mutations.empty() ? ReportRemoved(args) : ReportMutations(args)) ? 0 : 1;
}

}  // namespace
}  // namespace wonbon

int main(int argc, char** argv) { return wonbon::Main(argc, argv); }
