// SPDX-License-Identifier: MIT
#include "worker/plan/answer_plan.h"

#include <algorithm>

#include <fmt/format.h>

#include "common/base/text.h"

namespace sqlicorn {
namespace {

Error NoColumn(std::string_view key, const std::string& name, const PlanStep* answering) {
  return Error{fmt::format("{} names '{}', which is no column of the answering step{}", key, name,
                           DidYouMean(name, ColumnsOf(answering)))};
}

// Reads what an answer says, name by name.
class AnswerCompiler {
 public:
  AnswerCompiler(const AnswerSpec& spec, PlanStep* answering, ValueNames& names)
      : spec_(spec), answering_(answering), names_(names) {}

  Result<AnswerPlan> Compile() {
    for (const HeaderTemplate& header : spec_.headers) {
      if (Status added = AddHeader(header); !added) {
        return added.error();
      }
    }
    if (spec_.as == Respond::kRedirect) {
      if (Status found = FindLocation(); !found) {
        return found.error();
      }
    }
    const std::string& type = spec_.content_type_column;
    if (!type.empty() && !(plan_.content_type = Column(type))) {
      return NoColumn("respond.content_type_column", type, answering_);
    }
    const bool by_column = !spec_.etag.empty() && spec_.etag != "body";
    if (by_column && !(plan_.etag = Column(spec_.etag))) {
      return NoColumn("respond.etag", spec_.etag, answering_);
    }
    for (const std::string& name : spec_.json_columns) {
      const std::vector<std::string> columns = ColumnsOf(answering_);
      if (answering_ != nullptr &&
          std::find(columns.begin(), columns.end(), name) == columns.end()) {
        return NoColumn("respond.json_columns", name, answering_);
      }
    }
    if (!spec_.page.limit.empty()) {
      if (Status found = FindPage(); !found) {
        return found.error();
      }
    }
    plan_.needs_all_rows = spec_.etag == "body" || plan_.page;
    plan_.is_plain = plan_.headers.empty() && !plan_.location && spec_.etag.empty() && !plan_.page;
    return std::move(plan_);
  }

 private:
  std::optional<ValueSource> Column(std::string_view name) {
    return answering_ == nullptr ? std::nullopt : names_.Column(*answering_, name);
  }

  // A field, or the column of a step.
  std::optional<ValueSource> Other(std::string_view name) {
    const auto found = names_.Find(name);
    return found ? std::optional(*found) : std::nullopt;
  }

  Status AddHeader(const HeaderTemplate& header) {
    AnswerHeader& made = plan_.headers.emplace_back();
    made.name = header.name;
    for (const TemplatePart& part : header.parts) {
      AnswerHeader::Part& added = made.parts.emplace_back();
      added.text = part.text;
      if (part.name.empty()) {
        continue;
      }
      added.value = Column(part.name);
      if (!added.value) {
        added.value = Other(part.name);
      }
      if (!added.value) {
        std::vector<std::string> known = ColumnsOf(answering_);
        known.insert(known.end(), names_.fields().begin(), names_.fields().end());
        return Error{fmt::format(
            "respond.headers: '{}' names {{{}}}, which is neither a column of the answering step "
            "nor a field of the request{}",
            header.name, part.name, DidYouMean(part.name, known))};
      }
    }
    return {};
  }

  Status FindPage() {
    const PageSpec& page = spec_.page;
    const std::string& next_name = page.key.empty() ? page.offset : page.after;
    for (const std::string& name : {page.limit, next_name}) {
      if (!names_.Field(name)) {
        return Error{fmt::format("respond.page names '{}', which is no field of the request{}",
                                 name, DidYouMean(name, names_.fields()))};
      }
    }
    plan_.page =
        AnswerPage{names_.Field(page.limit)->index, page.max, names_.Field(next_name)->index, {}};
    if (page.key.empty()) {
      return {};
    }
    plan_.page->key =
        answering_ == nullptr ? std::nullopt : names_.Column(*answering_, page.key, KeptRow::kLast);
    return plan_.page->key ? Status() : NoColumn("respond.page.key", page.key, answering_);
  }

  Status FindLocation() {
    plan_.location = Column("location");
    if (!plan_.location && answering_ != nullptr && answering_->statement->column_count() == 1) {
      plan_.location = Column(answering_->statement->column_name(0));
    }
    return plan_.location
               ? Status()
               : Error{"a redirect needs the column 'location', or one column alone: where to go"};
  }

  const AnswerSpec& spec_;
  PlanStep* answering_;
  ValueNames& names_;
  AnswerPlan plan_;
};

}  // namespace

Result<AnswerPlan> CompileAnswer(const AnswerSpec& spec, PlanStep* answering, ValueNames& names) {
  return AnswerCompiler(spec, answering, names).Compile();
}

}  // namespace sqlicorn
