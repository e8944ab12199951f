/** The path of the program `amazon-music`. */
declare const program: string;
export = program;
