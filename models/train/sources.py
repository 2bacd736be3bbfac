"""Rewrites of source text: own identifiers renamed, layout changed, one operator or callee changed. Needs tree-sitter and its language pack."""
import re

import tree_sitter_language_pack as pack

BINDERS = {"parameters", "formal_parameters", "variable_declarator", "lambda_parameters", "for_statement", "for_in_statement", "for_in_clause", "assignment",
           "named_expression", "typed_parameter", "default_parameter", "typed_default_parameter", "required_parameter", "optional_parameter", "catch_clause",
           "with_item", "as_pattern", "array_pattern", "object_pattern", "pattern_list", "tuple_pattern", "rest_pattern", "list_splat_pattern", "arrow_function"}
VALUE_FIELDS = {"value", "right", "body", "type", "condition", "increment", "iterable"}
OPS = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==", "===": "!==", "!==": "===", "+": "-", "-": "+", "*": "+", "/": "*", "%": "/",
       "&&": "||", "||": "&&", "and": "or", "or": "and", "+=": "-=", "-=": "+=", "++": "--", "--": "++", "in": "not in"}
CALLS = {"min": "max", "max": "min", "push": "unshift", "pop": "shift", "shift": "pop", "floor": "ceil", "ceil": "floor", "some": "every", "every": "some",
         "keys": "values", "values": "keys", "lower": "upper", "upper": "lower", "toLowerCase": "toUpperCase", "toUpperCase": "toLowerCase",
         "startswith": "endswith", "endswith": "startswith", "startsWith": "endsWith", "endsWith": "startsWith", "filter": "map", "map": "filter",
         "append": "remove", "add": "delete", "any": "all", "all": "any", "isalpha": "isdigit", "indexOf": "lastIndexOf", "find": "findIndex", "has": "delete",
         "get": "set", "slice": "splice", "sorted": "reversed", "isinstance": "issubclass", "getattr": "hasattr", "trim": "trimEnd", "strip": "rstrip"}


def leaves(node):
    stack = [node]
    while stack:
        n = stack.pop()
        if n.child_count:
            stack.extend(reversed(n.children))
        else:
            yield n


def bound(node, src, out, inside=False):
    for i, c in enumerate(node.children):
        field = node.field_name_for_child(i)
        if c.type in ("identifier", "shorthand_property_identifier_pattern") and inside and field not in VALUE_FIELDS and c.type == "identifier":
            out.add(src[c.start_byte:c.end_byte].decode())
        bound(c, src, out, (inside or node.type in BINDERS or c.type in BINDERS) and field not in VALUE_FIELDS and c.type not in ("call", "call_expression", "attribute", "member_expression", "subscript", "subscript_expression", "statement_block", "block"))


def own(code, lang, name=None):
    src = code.encode()
    tree = pack.get_parser("tsx" if lang == "tsx" else lang).parse(src)
    names = set()
    bound(tree.root_node, src, names)
    if name and re.fullmatch(r"[A-Za-z_]\w*", name):
        names.add(name)
    return sorted(n for n in names if n not in ("self", "cls", "this", "undefined", "None", "_")), tree, src


def renamed(code, lang, rng, words, name=None):
    names, tree, src = own(code, lang, name)
    if not names:
        return None
    to, taken = {}, set(re.findall(r"\w+", code))
    for n in names:
        while n not in to or to[n] in taken:
            pair = [rng.choice(words), rng.choice(words)][: rng.choice((1, 2))]
            to[n] = "_".join(pair) if lang == "python" else pair[0] + "".join(w.capitalize() for w in pair[1:])
        taken.add(to[n])
    out, last = b"", 0
    for n in leaves(tree.root_node):
        if n.type == "identifier":
            text = src[n.start_byte:n.end_byte].decode()
            parent = n.parent
            if text in to and not (parent is not None and parent.type == "attribute" and parent.child_by_field_name("attribute") == n) \
                    and not (parent is not None and parent.type == "keyword_argument" and parent.child_by_field_name("name") == n):
                out += src[last:n.start_byte] + to[text].encode()
                last = n.end_byte
    return (out + src[last:]).decode()


def reformatted(code, lang, rng):
    if lang == "python":
        return re.sub(r"(?m)^((?:    )+)", lambda m: m[1].replace("    ", "  "), code)
    code = re.sub(r"(?m)^[ \t]+", lambda m: "\t" * (len(m[0]) // 2), code)
    return re.sub(r"\)\s*\{", ")\n{", code) if rng.random() < 0.5 else code


def changed(code, lang, rng):
    """One operator, condition or callee changed; None when there is none to change."""
    src = code.encode()
    tree = pack.get_parser("tsx" if lang == "tsx" else lang).parse(src)
    spots = []
    for n in leaves(tree.root_node):
        text = src[n.start_byte:n.end_byte].decode("utf8", "replace")
        p = n.parent
        if text in OPS and p is not None and p.type in ("binary_expression", "binary_operator", "comparison_operator", "boolean_operator", "augmented_assignment",
                                                        "augmented_assignment_expression", "update_expression") and n.type == text:
            spots.append((n, OPS[text]))
        elif text in CALLS and n.type in ("identifier", "property_identifier") and p is not None and src[n.end_byte:n.end_byte + 1] == b"(":
            spots.append((n, CALLS[text]))
    if not spots:
        return None
    n, new = rng.choice(spots)
    return (src[:n.start_byte] + new.encode() + src[n.end_byte:]).decode()
