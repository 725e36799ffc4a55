// The part of a program that matters.
#pragma once

namespace buddy {

class Comm;

/// Marks the part of a program that `buddy profile` reports, from construction to destruction, on
/// this rank: reading the input and checking the answer are then left out. Several parts of one
/// communicator add up; one inside another is part of it. A program that marks none is reported
/// from the making of its communicator to the end. Not collective. Threads: the communicator's.
/// Cost: nothing but a load and a branch unless the program is being profiled.
class Region {
 public:
  explicit Region(Comm& comm);
  ~Region();
  Region(const Region&) = delete;
  Region& operator=(const Region&) = delete;

 private:
  Comm& comm_;
};

}  // namespace buddy
