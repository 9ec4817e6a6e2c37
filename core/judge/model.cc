#include "core/judge/model.h"

#include <algorithm>
#include <cmath>

namespace wonbon {
namespace {

#include "core/judge/model_weights.inc"

double Value(const ModelTerm& term, const Features& features) {
  const double value = features.*term.feature;
  switch (term.shape) {
    case TermShape::kPlain: return value;
    case TermShape::kAbove: return std::max(0.0, value - term.knot);
    case TermShape::kContained:
      return value * std::clamp((features.shorter_in_longer - 0.6) / 0.3, 0.0, 1.0);
  }
  return 0;
}

}  // namespace

int ModelVersion() { return kModelVersion; }

double SameArticleProbability(const Features& features) {
  double sum = kModelBias;
  for (const ModelTerm& term : kModelTerms) sum += term.weight * Value(term, features);
  return std::round(1e4 / (1 + std::exp(-sum))) / 1e4;
}

double Contribution(const Features& features, double Features::*feature) {
  double sum = 0;
  for (const ModelTerm& term : kModelTerms) {
    if (term.feature == feature) sum += term.weight * Value(term, features);
  }
  return sum;
}

}  // namespace wonbon
