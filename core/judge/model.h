// From features to the probability that two documents are the same article.
//
// A logistic regression: bias + sum of weight x term, where a term is a feature, the part of a
// feature above a knot, or a feature that counts only where one text contains the other. The
// weights are in model_weights.inc, fitted by tests/eval/fit.py. Pure functions, thread-safe.
#pragma once

#include "core/judge/features.h"

namespace wonbon {

enum class TermShape {
  kPlain,      // the feature
  kAbove,      // max(0, feature - knot)
  kContained,  // feature x how far the shorter text is inside the longer (0 at .6, 1 at .9)
};

struct ModelTerm {
  double Features::*feature;
  TermShape shape;
  double knot;
  double weight;
};

// Version of the weights, part of every explanation.
int ModelVersion();

// 0 to 1, four decimals, so that the last bits of exp() on another CPU do not show.
double SameArticleProbability(const Features& features);

// What a feature adds to the log-odds of that probability: the sum of its terms.
double Contribution(const Features& features, double Features::*feature);

}  // namespace wonbon
