"""Every column of the store is in the list of what can hold something of a learner, or is named here with a reason."""

from __future__ import annotations

from lms.learning.personal_data.inventory import PERSONAL_TABLES
from lms.learning.store.models import Base

# By table: why nothing in it is of a learner, and its columns. Columns that are stand in inventory.py instead, with the
# sentence of the privacy notice that tells of them.
NOT_OF_LEARNERS = {
    "screen_reports": (
        "counts of screens that differ from real phones; the hash links to nobody without the secret key",
        "phone week course lesson practice screen content_digest reason",
    ),
    "label_checks": (
        "people with duties: what they saw on a real phone",
        "course item looked_on account_id item_text verdict now_text app_version phone saved_at done_at done_by",
    ),
    "published_keys": ("public halves of signing keys", "name published_at"),
    "wrapped_code_keys": ("the key of all learning codes", "secret_id wrapped wrapped_at"),
    "accounts": (
        "people with duties: docs/privacy.md",
        "id name login ward password_hash session_version created_at signed_in_at disabled_at password_declined_at"
        " forgotten_at",
    ),
    "account_roles": ("people with duties", "account_id role"),
    "slips": (
        "people with duties",
        "token_digest account_id selector issued_by issued_at expires_at used_at kind handed_from class_id",
    ),
    "sign_ins": ("people with duties", "token_digest account_id session_version by begun_at seen_at"),
    "wrong_tries": ("sign-in tries of accounts and slips", "key count last_at"),
    "journal": ("people with duties", "id at account_id action target_id ward details"),
    "practice_models": ("text of courses", "digest model created_at"),
    "classes": (
        "what a facilitator set, and counts; notes to a facilitator and an author go with the rows of persons",
        "id code ward course lesson lesson_number venue opened_by version state content_digest opened_at closed_at"
        " head_count helper_digest helper_until is_rehearsal personal_until counts next_meeting homework handover_note"
        " author_note",
    ),
    "units": (
        "organisations and neighbourhoods",
        "id kind ward parent_id organisation name closed_at version changed_at",
    ),
    "unit_members": ("people with duties", "account_id unit_id since"),
    "ledger_entries": (
        "what an organiser wrote about a unit; the page asks for no name",
        "id unit_id ward period kind indicator number text is_signed account_id at",
    ),
    "planned_classes": (
        "what an organiser announced",
        "id ward course lesson starts_at minutes venue address map_url floor parking wheelchair language bring seats"
        " series_id moved_from previous_venue cancelled_at change_note class_id unit_id planned_by version changed_at",
    ),
    "counted_classes": (
        "counts of a class",
        "class_id ward held_on counted_on left_out attendances repeated without_phone new_learners unit_id",
    ),
    "daily_figures": ("counts of a ward", "day ward indicator count"),
    "figure_releases": ("what was published", "released_on released_at lists"),
    "unit_figures": ("counts of a unit", "day unit_id indicator count"),
    "released_hand_figures": ("what was published", "year ward indicator value"),
    "released_figures": ("what was published", "year ward indicator value"),
    "workshop_courses": ("text of courses", "course ward created_by created_at publication_version"),
    "workshop_files": ("text of courses", "course path last_number latest published"),
    "file_contents": ("text of courses", "digest body"),
    "file_revisions": (
        "text of courses, and people with duties: docs/privacy.md",
        "course path number parent merged digest source author_id author_name saved_at why",
    ),
    "revision_reviews": ("people with duties", "id course path number verdict account_id at note"),
    "publications": ("people with duties", "id course account_id made_at why"),
    "hidden_parts": ("text of courses", "course lesson language hidden_at"),
    "published_files": ("text of courses", "publication_id path course number"),
    "class_facilitators": ("people with duties", "class_id account_id since"),
    "class_hands": ("hands that a facilitator counted", "class_id question_id round option_key count"),
    "class_lessons": (
        "what a facilitator set, and counts",
        "class_id number course lesson content_digest started_at left_at state counts",
    ),
    "class_lesson_hands": (
        "hands that a facilitator counted",
        "class_id lesson_number question_id round option_key count",
    ),
    "class_helpers": ("helpers: docs/privacy.md", "id class_id name digest joined_at revoked_at"),
    "class_projectors": ("projectors", "id digest pairing_code pairing_until class_id created_at seen_at"),
    "class_exports": ("files of a laptop", "class_id serial exported_at"),
    "handed_in_classes": ("files of a laptop", "class_id laptop_key serial received_by received_at"),
    "trials": ("an account's test of the network", "code account_id started_at"),
    "trial_phones": ("a random word and a delay, for two hours", "code phone seen_at delay"),
}


def test_every_column_is_of_learners_with_a_clause_of_the_notice_or_not_of_learners_with_a_reason():
    """If this fails for a new column: say in the notice what is kept and why, or here why it is of no learner."""
    listed: dict[str, set[str]] = {table: set(columns.split()) for table, (_, columns) in NOT_OF_LEARNERS.items()}
    for held in PERSONAL_TABLES:
        listed.setdefault(held.model.__tablename__, set()).update(held.columns)
    stored = {name: set(table.columns.keys()) for name, table in Base.metadata.tables.items()}
    assert listed == stored


def test_no_table_is_of_learners_and_not_of_learners():
    assert not {held.model.__tablename__ for held in PERSONAL_TABLES} & NOT_OF_LEARNERS.keys()


def test_a_table_that_refers_to_learners_is_of_learners():
    referring = {
        name
        for name, table in Base.metadata.tables.items()
        if any(key.column.table.name == "learners" for key in table.foreign_keys)
    }
    assert referring <= {held.model.__tablename__ for held in PERSONAL_TABLES}


def test_titles_and_labels_are_unique():
    assert len({held.title for held in PERSONAL_TABLES}) == len(PERSONAL_TABLES)
    for held in PERSONAL_TABLES:
        labels = [label for label, _ in held.columns.values() if label]
        assert len(set(labels)) == len(labels), held.title
