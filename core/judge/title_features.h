// The features of a pair that are read off the two headlines (see features.h).
//
// Pure function, thread-safe.
#pragma once

#include "core/judge/features.h"
#include "core/judge/profile.h"

namespace wonbon {

// Fills the title_... features and those of stages, updates and captions. REQUIRES:
// same_publisher is filled.
void MeasureTitles(const Profile& shorter, const Profile& longer, Features& out);

}  // namespace wonbon
