import { styleText } from 'node:util';

/** Where the run is told. */
export interface Terminal {
  print(line?: string, style?: Style): void;
  /** Shows how far it has come: in place on a terminal, else a line now and then. */
  progress(done: number, of: number, line: string): void;
}

type Style = 'bold' | 'dim' | 'green' | 'red';

export function openTerminal(output: NodeJS.WriteStream): Terminal {
  // Colour is for terminals, and not for people who said no to it (no-color.org).
  const coloured = output.isTTY && (process.env.NO_COLOR ?? '') === '';
  const startOfLine = '\r\u001b[K';
  let inPlace = false;

  return {
    print(line = '', style) {
      const text = style && coloured ? styleText(style, line, { validateStream: false }) : line;
      output.write(`${inPlace ? startOfLine : ''}${text}\n`);
      inPlace = false;
    },
    progress(done, of, line) {
      if (output.isTTY) {
        inPlace = done < of;
        output.write(`${startOfLine}${line}${inPlace ? '' : '\n'}`);
      } else if (done === of || done % Math.ceil(of / 4) === 0) {
        output.write(`${line}\n`);
      }
    },
  };
}
