// What the judge measures and answers for pairs of the evaluation articles: the table that
// fit.py fits the weights on.
//
// usage: judge_pairs ARTICLES.jsonl MUTATIONS.jsonl TRUTH_PAIRS.tsv OUT.tsv LABELS.tsv...
//
// Articles are taken in the order of the file, as an import would: a document that the judge calls
// the same article as an earlier one (pairs of TRUTH_PAIRS) is not counted in the rarity table.
// One row a pair: phase ("submit": judged when the later document arrives; "after": judged when all
// are there; "mutation": variant against its base), ids, kind (of a mutation; of a labelled pair
// its label, confidence and which of the LABELS files it comes from), relation, score, rule,
// features. Prints what a judgement costs on these pairs.
#include <simdjson.h>
#include <time.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
#include <vector>

#include "absl/time/time.h"
#include "core/judge/features.h"
#include "core/judge/judge.h"
#include "core/judge/profile.h"
#include "core/judge/rarity.h"
#include "core/text/canonical.h"
#include "tests/eval/article_line.h"

namespace wonbon {
namespace {

constexpr Seed kSeed = {1};

Profile ReadProfile(const simdjson::dom::element& line) {
  const Document document = ReadDocument(line);
  static const Identifier identifier(kSeed);
  static const ShingleHasher hasher(kSeed);
  const CanonicalText body = Canonicalize(document.body, {});
  const CanonicalText title = CanonicalizeTitle(document.title);
  return MakeProfile(identifier.Identify(document, body, title), document.published_at, body, title,
                     hasher.Hash(body.units));
}

std::vector<std::vector<std::string>> ReadTsv(const char* path) {
  std::vector<std::vector<std::string>> rows;
  std::ifstream in(path);
  std::string line;
  std::getline(in, line);  // names of the columns
  while (std::getline(in, line)) {
    std::vector<std::string> row;
    std::istringstream cells(line);
    for (std::string cell; std::getline(cells, cell, '\t');) row.push_back(cell);
    rows.push_back(std::move(row));
  }
  return rows;
}

class Table {
 public:
  explicit Table(const char* path) : out_(path) {
    out_ << "phase\tid_a\tid_b\tkind\trelation\tscore\trule";
    for (const FeatureField& field : kFeatureFields) out_ << '\t' << field.name;
    out_ << '\n';
  }
  void Write(const char* phase, const std::string& id_a, const std::string& id_b,
             const std::string& kind, const Judgement& judgement) {
    out_ << phase << '\t' << id_a << '\t' << id_b << '\t' << kind << '\t'
         << Name(judgement.relation) << '\t' << judgement.score << '\t' << Name(judgement.rule);
    for (const FeatureField& field : kFeatureFields)
      out_ << '\t' << judgement.features.*field.value;
    out_ << '\n';
  }

 private:
  std::ofstream out_;
};

// CPU time of judgements, for the sum that is printed at the end.
class Clock {
 public:
  Judgement Time(const Profile& submitted, const Profile& earlier, const Rarity& rarity) {
    const double begin = Now();
    Judgement judgement = Judge(submitted, earlier, rarity);
    seconds_ += Now() - begin;
    ++pairs_;
    return judgement;
  }
  void Print() const {
    std::cerr << pairs_ << " judgements, " << 1e6 * seconds_ / static_cast<double>(pairs_)
              << " us of CPU each\n";
  }

 private:
  static double Now() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
  }
  double seconds_ = 0;
  size_t pairs_ = 0;
};

struct Pair {
  size_t a, b;  // indices of articles
  std::string label;
};

int Run(int argc, char** argv) {
  simdjson::dom::parser parser;
  std::unordered_map<std::string, size_t> index;
  std::vector<std::string> ids;
  std::vector<Profile> profiles;
  std::ifstream articles(argv[1]);
  for (std::string line; std::getline(articles, line);) {
    const simdjson::dom::element element = parser.parse(line);
    ids.push_back(Field(element, "id"));
    index[ids.back()] = ids.size() - 1;
    profiles.push_back(ReadProfile(element));
  }
  std::vector<std::vector<size_t>> earlier(ids.size());
  for (const auto& row : ReadTsv(argv[3])) {
    const size_t a = index.at(row[0]), b = index.at(row[1]);
    earlier[std::max(a, b)].push_back(std::min(a, b));
  }
  std::vector<Pair> labels;
  std::vector<std::vector<size_t>> labels_of(ids.size());
  for (int file = 5; file < argc; ++file) {
    for (const auto& row : ReadTsv(argv[file])) {
      labels.push_back({index.at(row[0]), index.at(row[1]),
                        row[2] + ":" + row[3] + ":" + std::to_string(file - 5)});
      labels_of[std::max(labels.back().a, labels.back().b)].push_back(labels.size() - 1);
    }
  }
  Rarity rarity;
  Clock clock;
  Table table(argv[4]);
  for (size_t i = 0; i < ids.size(); ++i) {
    for (size_t label : labels_of[i]) {
      const Pair& pair = labels[label];
      table.Write("submit", ids[pair.a], ids[pair.b], pair.label,
                  Judge(profiles[pair.a], profiles[pair.b], rarity));
    }
    bool joins = false;
    for (size_t j : earlier[i]) {
      if (!joins) joins = clock.Time(profiles[i], profiles[j], rarity).same_article();
    }
    if (!joins) rarity.Add(Rarity::Counted(profiles[i]));
  }
  for (const Pair& pair : labels) {
    table.Write("after", ids[pair.a], ids[pair.b], pair.label,
                Judge(profiles[pair.a], profiles[pair.b], rarity));
  }
  std::ifstream mutations(argv[2]);
  for (std::string line; std::getline(mutations, line);) {
    const simdjson::dom::element element = parser.parse(line);
    const std::string base = Field(element, "base_id");
    table.Write("mutation", Field(element, "id"), base, Field(element, "kind"),
                Judge(ReadProfile(element), profiles[index.at(base)], rarity));
  }
  clock.Print();
  return 0;
}

}  // namespace
}  // namespace wonbon

int main(int argc, char** argv) {
  if (argc < 6) {
    std::cerr << "usage: judge_pairs ARTICLES MUTATIONS TRUTH_PAIRS OUT LABELS...\n";
    return 2;
  }
  return wonbon::Run(argc, argv);
}
