import type { Words } from '../words/index.ts';

/** The list of keys, and whether they are on: shown by the script that they are of. */
export function Keys({ words: { manyActs: say } }: { words: Words }) {
  return (
    <div data-keys hidden>
      <details>
        <summary>{say.keys}</summary>
        <dl class="pairs small">
          {say.keyList.map(([key, what]) => (
            <>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </>
          ))}
        </dl>
        <label class="choice">
          <input type="checkbox" />
          <span>{say.keysOn}</span>
        </label>
      </details>
    </div>
  );
}
