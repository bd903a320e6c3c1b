"""Every operation the emulator serves: area, method, path after the area's own, and the view."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response

from crm_gdpr.emulator.wire import (
    associations,
    batches,
    definitions,
    forms,
    groups,
    labels,
    lists,
    memberships,
    objects,
    old_associations,
    pairs,
    preferences,
    settings,
    submissions,
    subscriptions,
)

View = Callable[..., Response]


@dataclass(frozen=True)
class Route:
    """``reads`` marks a POST that only asks."""

    area: str
    method: str
    path: str
    view: View
    reads: bool = False

    @property
    def writing(self) -> bool:
        return self.method != "GET" and not self.reads

    @property
    def is_single_record(self) -> bool:
        return (self.area, self.path) == ("objects", "/<id_>")

    @property
    def is_search(self) -> bool:
        return (self.area, self.path) == ("objects", "/search")


ROUTES = (
    Route("objects", "GET", "", objects.list_records),
    Route("objects", "POST", "", objects.create_record),
    Route("objects", "POST", "/search", objects.search_records, reads=True),
    Route("objects", "POST", "/gdpr-delete", objects.gdpr_delete),
    Route("objects", "POST", "/merge", objects.merge_records),
    Route("objects", "POST", "/batch/read", batches.read_batch, reads=True),
    Route("objects", "POST", "/batch/create", batches.create_batch),
    Route("objects", "POST", "/batch/update", batches.update_batch),
    Route("objects", "POST", "/batch/upsert", batches.upsert_batch),
    Route("objects", "POST", "/batch/archive", batches.archive_batch),
    Route("objects", "GET", "/<id_>", objects.read_record),
    Route("objects", "PATCH", "/<id_>", objects.update_record),
    Route("objects", "DELETE", "/<id_>", objects.archive_record),
    Route("associations", "POST", "/read", associations.read_pairs, reads=True),
    Route("associations", "POST", "/create", associations.create_pairs),
    Route("associations", "POST", "/archive", associations.archive_pairs),
    Route("associations", "POST", "/associate/default", associations.create_default_pairs),
    Route("associations", "POST", "/labels/archive", associations.archive_labels),
    Route("old_associations", "POST", "/read", old_associations.read_old_pairs, reads=True),
    Route("old_associations", "POST", "/create", old_associations.create_old_pairs),
    Route("old_associations", "POST", "/archive", old_associations.archive_old_pairs),
    Route("labels", "GET", "", labels.list_labels),
    Route("labels", "POST", "", labels.create_label),
    Route("labels", "PUT", "", labels.update_label),
    Route("labels", "DELETE", "/<type_id>", labels.delete_label),
    Route("pairs", "GET", "/<to_kind>", pairs.read_neighbours),
    Route("pairs", "PUT", "/default/<to_kind>/<to_id>", pairs.put_default),
    Route("pairs", "PUT", "/<to_kind>/<to_id>", pairs.put_labelled),
    Route("pairs", "DELETE", "/<to_kind>/<to_id>", pairs.delete_pair),
    Route("properties", "GET", "", definitions.list_properties),
    Route("properties", "POST", "", definitions.create_property),
    Route("properties", "POST", "/batch/create", definitions.create_properties),
    Route("properties", "POST", "/batch/read", definitions.read_properties, reads=True),
    Route("properties", "POST", "/batch/archive", definitions.archive_properties),
    Route("properties", "GET", "/groups", groups.list_groups),
    Route("properties", "POST", "/groups", groups.create_group),
    Route("properties", "GET", "/groups/<name>", groups.read_group),
    Route("properties", "PATCH", "/groups/<name>", groups.update_group),
    Route("properties", "DELETE", "/groups/<name>", groups.archive_group),
    Route("properties", "GET", "/<name>", definitions.read_property),
    Route("properties", "PATCH", "/<name>", definitions.update_property),
    Route("properties", "DELETE", "/<name>", definitions.archive_property),
    Route("owners", "GET", "", settings.list_owners),
    Route("owners", "GET", "/<id_>", settings.read_owner),
    Route("pipelines", "GET", "", settings.list_pipelines),
    Route("pipelines", "GET", "/<id_>", settings.read_pipeline),
    Route("account", "GET", "/details", settings.account_details),
    Route("preferences", "GET", "/definitions", preferences.list_types),
    Route("preferences", "GET", "/statuses/<email>", preferences.read_statuses),
    Route("preferences", "POST", "/statuses/<email>", preferences.write_status),
    Route("preferences", "GET", "/statuses/<email>/unsubscribe-all", preferences.read_opt_outs),
    Route("preferences", "POST", "/statuses/<email>/unsubscribe-all", preferences.unsubscribe_all),
    Route("preferences", "POST", "/links/generate", preferences.make_links),
    Route("preferences", "POST", "/statuses/batch/read", preferences.read_status_batch, reads=True),
    Route("preferences", "POST", "/statuses/batch/write", preferences.write_status_batch),
    Route("preferences", "POST", "/statuses/batch/unsubscribe-all", preferences.unsubscribe_batch),
    Route("preferences", "POST", "/statuses/batch/unsubscribe-all/read", preferences.read_opt_out_batch, reads=True),
    Route("subscriptions", "GET", "/status/email/<email>", subscriptions.read_subscriptions),
    Route("subscriptions", "POST", "/subscribe", subscriptions.subscribe),
    Route("subscriptions", "POST", "/unsubscribe", subscriptions.unsubscribe),
    Route("old_definitions", "GET", "/definitions", subscriptions.list_definitions),
    Route("resubscription", "POST", "/resubscribe", subscriptions.resubscribe),
    Route("lists", "GET", "", lists.read_lists),
    Route("lists", "POST", "", lists.create_list),
    Route("lists", "POST", "/search", lists.search_lists, reads=True),
    Route("lists", "GET", "/idmapping", lists.map_id),
    Route("lists", "POST", "/idmapping", lists.map_ids, reads=True),
    Route("lists", "GET", "/object-type-id/<kind>/name/<name>", lists.read_named),
    Route("lists", "GET", "/<list_id>", lists.read_list),
    Route("lists", "DELETE", "/<list_id>", lists.delete_list),
    Route("lists", "PUT", "/<list_id>/restore", lists.restore_list),
    Route("lists", "PUT", "/<list_id>/update-list-name", lists.rename_list),
    Route("lists", "PUT", "/<list_id>/update-list-filters", lists.update_filters),
    Route("lists", "GET", "/<list_id>/memberships", memberships.list_members),
    Route("lists", "DELETE", "/<list_id>/memberships", memberships.remove_all),
    Route("lists", "GET", "/<list_id>/memberships/join-order", memberships.list_by_joining),
    Route("lists", "PUT", "/<list_id>/memberships/add", memberships.add),
    Route("lists", "PUT", "/<list_id>/memberships/remove", memberships.remove),
    Route("lists", "PUT", "/<list_id>/memberships/add-and-remove", memberships.add_and_remove),
    Route("lists", "PUT", "/<list_id>/memberships/add-from/<source_id>", memberships.add_from),
    Route("lists", "GET", "/records/<kind>/<id_>/memberships", memberships.of_record),
    Route("lists", "POST", "/records/memberships/batch/read", memberships.of_records, reads=True),
    Route("forms", "GET", "", forms.list_forms),
    Route("forms", "POST", "", forms.create_form),
    Route("forms", "GET", "/<form_id>", forms.read_form),
    Route("forms", "PUT", "/<form_id>", forms.update_form),
    Route("forms", "PATCH", "/<form_id>", forms.update_form),
    Route("forms", "DELETE", "/<form_id>", forms.archive_form),
    Route("submissions", "GET", "/<form_id>", submissions.list_submissions),
    Route("submitting", "POST", "/<portal_id>/<form_id>", submissions.submit),
)
