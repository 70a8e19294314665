// Annotated for `ssot rules test`: $no-stubs marks what the rule must find; what is not marked, it must not.
#include <stdexcept>

struct Invoice {
  int total() const;
  int lines() const { return 3; }
  int tax() const;
};

int Invoice::$no-stubs[[total]]() const { throw std::logic_error("not implemented"); }

int Invoice::tax() const {
  if (lines() == 0)
    throw std::logic_error("an invoice without lines");
  return 19 * total() / 100;
}

struct NoSuchInvoice : std::logic_error {
  using std::logic_error::logic_error;
};

[[noreturn]] void refuse() { throw NoSuchInvoice("an error of its own is no stub"); }
