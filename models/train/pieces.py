"""Lexemes to token ids, one lexeme at a time (no piece crosses a space, so this equals encoding the joined text)."""
from tokenizers import Tokenizer


class Pieces:
    def __init__(self, path, limit):
        self.tokenizer = Tokenizer.from_file(path)
        self.tokenizer.no_padding()
        self.tokenizer.no_truncation()
        self.cls = self.tokenizer.token_to_id("[CLS]")
        self.sep = self.tokenizer.token_to_id("[SEP]")
        self.limit = limit
        self.known = {}

    def ids(self, lexemes):
        out = [self.cls]
        room = self.limit - 1
        for x in lexemes:
            found = self.known.get(x)
            if found is None:
                found = self.known[x] = self.tokenizer.encode(x, add_special_tokens=False).ids
            out += found
            if len(out) >= room:
                break
        return out[:room] + [self.sep]
