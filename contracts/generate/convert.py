"""Turns marshmallow schemas into JSON Schema 2020-12, closed for what comes in and open for what goes out."""

from typing import Any

import marshmallow
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from apispec.ext.marshmallow.common import resolve_schema_cls
from apispec.ext.marshmallow.openapi import OpenAPIConverter

from contracts import fields
from contracts.schema import Schema
from kernel.unseen import CONTROL, UNSEEN

#: Where a converted schema finds the schemas that it nests.
REFERENCE = "#/components/schemas/"
#: Version of OpenAPI whose schema dialect is JSON Schema 2020-12.
OPENAPI_VERSION = "3.1.0"
#: What the codes of a list are called, by code; as ReDoc has it.
NAMES = "x-enumDescriptions"
_OPEN_LIST = "An open list; ignore what you do not know."


class Converter:
    """Converts schemas of one direction and gathers those that they nest in `definitions`."""

    def __init__(self, *, closed: bool) -> None:
        plugin = (_ClosedPlugin if closed else _OpenPlugin)(schema_name_resolver=_name)
        self._spec = APISpec("", "", OPENAPI_VERSION, plugins=[plugin])
        self._converter = plugin.converter

    @property
    def definitions(self) -> dict[str, Any]:
        """Nested schemas by class name, as far as something converted refers to them."""
        return self._spec.components.schemas

    def convert(self, schema: type[Schema] | Schema) -> dict[str, Any]:
        """The JSON Schema of one object, as plain JSON values."""
        assert self._converter is not None
        instance = schema() if isinstance(schema, type) else schema
        return dict(self._converter.schema2jsonschema(instance))  # type: ignore[no-untyped-call]

    def reference(self, schema: type[Schema] | Schema) -> dict[str, Any]:
        """A `$ref` to an object, which stands in `definitions` from now on."""
        assert self._converter is not None
        return dict(self._converter.resolve_nested_schema(schema))  # type: ignore[no-untyped-call]


class _ClosedConverter(OpenAPIConverter):
    """Requests: unknown fields and codes are refused."""

    def field2property(self, field: marshmallow.fields.Field[Any]) -> dict[str, Any]:
        schema: dict[str, Any] = super().field2property(field)
        if "pattern" in schema:
            schema["pattern"] = f"^{schema['pattern'].removesuffix(chr(92) + 'Z')}$"
        if isinstance(field, fields.Text):
            refused = CONTROL + UNSEEN if isinstance(field, fields.Title) else CONTROL
            schema["pattern"] = rf"^[^{refused}]*[^\s{CONTROL}{UNSEEN}][^{refused}]*$"
        if isinstance(field, fields.Code) and field.code_list:
            schema[NAMES] = {code.value: f"{code.zh}, {code.en}" for code in field.code_list}
        if field.metadata.get("personal"):
            schema["x-personal"] = True
        return schema


class _OpenConverter(_ClosedConverter):
    """Views and events: who reads them ignores fields and codes that he does not know."""

    def field2property(self, field: marshmallow.fields.Field[Any]) -> dict[str, Any]:
        schema = super().field2property(field)
        if isinstance(field, fields.Text):
            del schema["pattern"]
        if isinstance(field, fields.Words):
            text = schema.pop("additionalProperties")
            schema["properties"] = {"zh": text, "en": text}
        if "enum" in schema:
            schema["examples"] = [value for value in schema.pop("enum") if value is not None]
            schema.setdefault("description", _OPEN_LIST)
        return schema

    def schema2jsonschema(self, schema: Any) -> dict[str, Any]:
        converted: dict[str, Any] = super().schema2jsonschema(schema)  # type: ignore[no-untyped-call]
        converted.pop("additionalProperties", None)
        return converted


class _ClosedPlugin(MarshmallowPlugin):
    Converter = _ClosedConverter


class _OpenPlugin(MarshmallowPlugin):
    Converter = _OpenConverter


def _name(schema: Any) -> str:
    return str(resolve_schema_cls(schema).__name__)  # type: ignore[union-attr]
