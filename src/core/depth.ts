/**
 * Whether JSON text has more levels of objects and arrays inside each other than any real document. The check looks at
 * each character, but needs no stack: a deeper text would exhaust the stack of a merge, or of `JSON.stringify`.
 */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const char = json[at];
    if (char === '"') isText = !isText;
    else if (isText && char === '\\') at += 1;
    else if (!isText && (char === '{' || char === '[')) depth += 1;
    else if (!isText && (char === '}' || char === ']')) depth -= 1;
    if (depth > deepest) return true;
  }
  return false;
}

/** The greatest `maxDepth` of `threeWay`. */
const deepest = 1000;
