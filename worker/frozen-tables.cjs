/**
 * A loader of the bundle. The SDK freezes all that workflows share, and reads every property for that; one of the tables of RE2 is made when it is looked
 * at, by asking of each of a million code points whether it is upper case. What is frozen already is passed over.
 */
module.exports = (source) => `${source}\nObject.freeze(UnicodeTables);\n`;
