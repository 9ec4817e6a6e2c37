#include "tests/oracle/engine_oracle.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/text/canonical.h"

namespace wonbon::oracle {
namespace {

size_t Common(const std::vector<std::u16string>& a, const std::vector<std::u16string>& b) {
  std::vector<std::u16string> common;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(common));
  return common.size();
}

double Share(size_t part, size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

std::vector<std::u16string> Shingles(const std::u16string& units) {
  std::vector<std::u16string> out;
  if (!units.empty() && units.size() < kShingleUnits) out.push_back(units);
  for (size_t i = 0; i + kShingleUnits <= units.size(); ++i) {
    out.push_back(units.substr(i, kShingleUnits));
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::vector<Likeness> EngineOracle::Add(const Document& document, double min_share) {
  Entry added;
  added.units = Canonicalize(document.body, {.content_type = document.content_type}).units;
  added.title = CanonicalizeTitle(document.title).units;
  added.shingles = Shingles(added.units);

  std::vector<Likeness> found;
  for (size_t i = 0; i < entries_.size(); ++i) {
    const Entry& earlier = entries_[i];
    const size_t common = Common(added.shingles, earlier.shingles);
    Likeness likeness;
    likeness.earlier = i;
    likeness.same_text = added.units == earlier.units;
    likeness.same_title = added.title == earlier.title;
    likeness.jaccard = Share(common, added.shingles.size() + earlier.shingles.size() - common);
    likeness.containment = Share(common, added.shingles.size());
    likeness.containment_in = Share(common, earlier.shingles.size());
    // Jaccard is never above containment.
    const double share = std::max(likeness.containment, likeness.containment_in);
    if (likeness.same_text || share >= min_share) found.push_back(likeness);
  }
  entries_.push_back(std::move(added));
  return found;
}

}  // namespace wonbon::oracle
