/** Spreads a number of keys over folders as evenly as whole numbers allow, and finds the folder of a key without a table. */

/** Where each key lies. */
export interface EvenSpread {
  /** The folder of the key at a place, rising with the place. */
  folderOf(index: number): number;
  /** Place of the first key of the folder that the key at `index` lies in. */
  firstOf(index: number): number;
  /** The most keys that one folder holds. */
  readonly largest: number;
}

/** Spreads `count` keys over `folders`; with fewer keys than folders, the folders used are spread over the whole range. */
export function evenSpread(count: number, folders: number): EvenSpread {
  if (count < folders) {
    return { folderOf: (index) => Math.floor((index * folders) / count), firstOf: (index) => index, largest: 1 };
  }
  const small = Math.floor(count / folders);
  const large = small + 1;
  const larger = count - small * folders;
  const bend = larger * large;
  return {
    folderOf: (index) => (index < bend ? Math.floor(index / large) : larger + Math.floor((index - bend) / small)),
    firstOf: (index) => (index < bend ? index - (index % large) : index - ((index - bend) % small)),
    largest: larger > 0 ? large : small,
  };
}
